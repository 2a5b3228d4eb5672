#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "auth/algorithm.h"
#include "base/result.h"

namespace whirl::auth {

/// A shared secret of HS256, HS384 and HS512 with the state that the secret leaves a hash in, so that a check
/// only hashes the token. Belongs to one loop: a check changes the state inside.
class HmacKey {
 public:
  /// The secret must not be empty.
  static Result<HmacKey> create(std::string_view secret);

  /// False for any algorithm but the three. Takes the same time wherever the signatures differ.
  bool verify(Algorithm algorithm, std::string_view input, std::string_view signature);
  /// The signature; the algorithm must be one of the three.
  std::string sign(Algorithm algorithm, std::string_view input);

 private:
  struct Free {
    void operator()(void* context) const;
  };
  using Context = std::unique_ptr<void, Free>;

  HmacKey() = default;
  /// Writes the signature to `out`, which has room for 64 bytes, and returns its size; 0 on failure.
  std::size_t compute(Algorithm algorithm, std::string_view input, unsigned char* out);

  std::array<Context, 3> contexts_;  // in the order of the algorithms
};

/// The public half of an RSA, ECDSA or Ed25519 key pair. Immutable, cheap to copy; any thread may verify.
class PublicKey {
 public:
  /// A PEM text with a public key or a certificate of that family. Other text around it is passed over.
  static Result<PublicKey> from_pem(std::string_view pem, Family family);
  /// Big-endian bytes, as in a JWK.
  static Result<PublicKey> from_rsa(std::string_view modulus, std::string_view exponent);
  /// `curve` is P-256, P-384 or P-521.
  static Result<PublicKey> from_ec(std::string_view curve, std::string_view x, std::string_view y);
  static Result<PublicKey> from_ed25519(std::string_view x);

  Family family() const { return family_; }
  /// Whether the algorithm is of the key's family and, for ECDSA, of its curve.
  bool fits(Algorithm algorithm) const;
  /// False if the algorithm does not fit or the signature is not of this key.
  bool verify(Algorithm algorithm, std::string_view input, std::string_view signature) const;

 private:
  PublicKey(std::shared_ptr<void> key, Family family, int bits)
      : key_(std::move(key)), family_(family), bits_(bits) {}
  /// Takes over an EVP_PKEY (null: the bytes were no key) after looking at its family and size.
  static Result<PublicKey> adopt(void* key, Family family);

  std::shared_ptr<void> key_;
  Family family_;
  int bits_;
};

}  // namespace whirl::auth
