#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "auth/keys.h"

namespace whirl::auth {
namespace {

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
template <class T, auto Function>
using Owned = std::unique_ptr<T, Free<Function>>;

using Bignum = Owned<BIGNUM, BN_free>;
using Bio = Owned<BIO, BIO_free_all>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using ParamBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Owned<OSSL_PARAM, OSSL_PARAM_free>;

// Shorter RSA keys can be factored; longer ones only serve to keep the server busy.
constexpr int kMinRsaBits = 1024;
constexpr int kMaxRsaBits = 16384;

constexpr std::string_view kFamilyNames[] = {"HMAC", "RSA", "ECDSA", "Ed25519"};

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Bignum number(std::string_view big_endian) {
  return Bignum(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

EVP_PKEY* key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get());
  }
  return key;
}

/// An encrypted PEM is not asked a password for.
int no_password(char*, int, int, void*) {
  return -1;
}

EVP_PKEY* key_in_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return nullptr;
  if (EVP_PKEY* key = PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr)) return key;
  BIO_reset(bio.get());
  const Owned<X509, X509_free> certificate(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
  return certificate ? X509_get_pubkey(certificate.get()) : nullptr;
}

/// Other curves have the same sizes, but tokens name only these.
bool on_nist_curve(EVP_PKEY* key) {
  char name[32];
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name, sizeof name, &size) != 1) return false;
  const std::string_view curve(name, size);
  return curve == "prime256v1" || curve == "secp384r1" || curve == "secp521r1";
}

/// JWT has the two numbers of an ECDSA signature side by side, each as long as the curve; OpenSSL wants them
/// in DER.
std::string to_der(std::string_view signature, int bits) {
  const std::size_t half = static_cast<std::size_t>(bits + 7) / 8;
  std::string der;
  if (signature.size() != half * 2) return der;
  Bignum r = number(signature.substr(0, half));
  Bignum s = number(signature.substr(half));
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  if (!r || !s || !pair || !ECDSA_SIG_set0(pair.get(), r.get(), s.get())) return der;
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &encoded);
  if (size > 0) der.assign(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return der;
}

}  // namespace

Result<PublicKey> PublicKey::adopt(void* key, Family family) {
  ERR_clear_error();  // what did not work on the way here is of no interest to anybody else
  auto* pkey = static_cast<EVP_PKEY*>(key);
  const std::string_view name = kFamilyNames[static_cast<std::size_t>(family)];
  if (!pkey) return fail("not a public {} key", name);
  std::shared_ptr<void> owned(pkey, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); });
  const char* type = family == Family::rsa ? "RSA" : family == Family::ecdsa ? "EC" : "ED25519";
  if (family == Family::hmac || !EVP_PKEY_is_a(pkey, type))
    return fail("the key is not a public {} key", name);
  const int bits = EVP_PKEY_get_bits(pkey);
  if (family == Family::rsa && (bits < kMinRsaBits || bits > kMaxRsaBits)) {
    return fail("an RSA key has {} to {} bits, this one has {}", kMinRsaBits, kMaxRsaBits, bits);
  }
  if (family == Family::ecdsa && !on_nist_curve(pkey)) return fail("the key is not on P-256, P-384 or P-521");
  return PublicKey(std::move(owned), family, bits);
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem, Family family) {
  return adopt(key_in_pem(pem), family);
}

Result<PublicKey> PublicKey::from_rsa(std::string_view modulus, std::string_view exponent) {
  // Public exponents beyond 64 bits serve nobody but an attacker.
  if (modulus.size() > kMaxRsaBits / 8 + 1 || exponent.size() > 8)
    return fail("the RSA numbers are too long");
  const Bignum n = number(modulus);
  const Bignum e = number(exponent);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || !BN_is_odd(e.get()) || BN_is_one(e.get()) ||
      !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) ||
      !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get())) {
    return adopt(nullptr, Family::rsa);
  }
  return adopt(key_from("RSA", builder.get()), Family::rsa);
}

Result<PublicKey> PublicKey::from_ec(std::string_view curve, std::string_view x, std::string_view y) {
  const std::size_t size = curve == "P-256" ? 32 : curve == "P-384" ? 48 : curve == "P-521" ? 66 : 0;
  if (size == 0) return fail("unknown curve {}", curve);
  if (x.size() > size || y.size() > size) return fail("a coordinate is too long for {}", curve);
  std::string point(1, '\x04');  // uncompressed
  point.append(size - x.size(), '\0').append(x).append(size - y.size(), '\0').append(y);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  const std::string name(curve);
  if (!builder ||
      !OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.c_str(),
                                       name.size()) ||
      !OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size())) {
    return adopt(nullptr, Family::ecdsa);
  }
  return adopt(key_from("EC", builder.get()), Family::ecdsa);
}

Result<PublicKey> PublicKey::from_ed25519(std::string_view x) {
  return adopt(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size()), Family::eddsa);
}

bool PublicKey::fits(Algorithm algorithm) const {
  const AlgorithmInfo& wanted = info(algorithm);
  return wanted.family == family_ && (family_ != Family::ecdsa || wanted.curve_bits == bits_);
}

bool PublicKey::verify(Algorithm algorithm, std::string_view input, std::string_view signature) const {
  if (!fits(algorithm)) return false;
  std::string der;
  if (family_ == Family::ecdsa) {
    der = to_der(signature, bits_);
    signature = der;
  }
  if (signature.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  const bool good =
      context &&
      EVP_DigestVerifyInit_ex(context.get(), nullptr, info(algorithm).digest, nullptr, nullptr, key,
                              nullptr) == 1 &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(input), input.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace whirl::auth
