#include "auth/sign.h"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "auth/keys.h"
#include "base/base64.h"
#include "base/json_text.h"

namespace whirl::auth {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// Header and claims, which the signature is of.
std::string signed_part(std::string_view claims_json, Algorithm algorithm, std::string_view kid) {
  std::string header = R"({"alg":)";
  append_json_string(header, info(algorithm).name);
  header += R"(,"typ":"JWT")";
  if (!kid.empty()) {
    header += R"(,"kid":)";
    append_json_string(header, kid);
  }
  header += '}';
  return encode_base64url(header) + '.' + encode_base64url(claims_json);
}

/// An encrypted key is not asked a password for.
int no_password(char*, int, int, void*) {
  return -1;
}

Key read_private_key(std::string_view pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Key key(PEM_read_bio_PrivateKey(bio, nullptr, no_password, nullptr), EVP_PKEY_free);
  BIO_free(bio);
  return key;
}

const char* key_type(Family family) {
  return family == Family::rsa ? "RSA" : family == Family::ecdsa ? "EC" : "ED25519";
}

/// The two numbers of a DER signature side by side, each `half` bytes long.
std::string from_der(std::string_view der, std::size_t half) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  if (!pair) return {};
  std::string out(half * 2, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, static_cast<int>(half));
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + half, static_cast<int>(half));
  ECDSA_SIG_free(pair);
  return out;
}

std::string signature_of(EVP_PKEY* key, const char* digest, std::string_view input) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto* data = reinterpret_cast<const unsigned char*>(input.data());
  std::size_t size = 0;
  std::string out;
  if (EVP_DigestSignInit_ex(context, nullptr, digest, nullptr, nullptr, key, nullptr) == 1 &&
      EVP_DigestSign(context, nullptr, &size, data, input.size()) == 1) {
    out.resize(size);
    const int done =
        EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, data, input.size());
    out.resize(done == 1 ? size : 0);
  }
  EVP_MD_CTX_free(context);
  return out;
}

}  // namespace

Result<std::string> sign_hs(std::string_view claims_json, std::string_view secret, Algorithm algorithm) {
  if (info(algorithm).family != Family::hmac)
    return fail("{} does not sign with a secret", info(algorithm).name);
  auto key = HmacKey::create(secret);
  if (!key) return tl::unexpected(key.error());
  std::string token = signed_part(claims_json, algorithm, {});
  const std::string signature = key->sign(algorithm, token);
  return token + '.' + encode_base64url(signature);
}

Result<std::string> sign_with_key(std::string_view claims_json, std::string_view private_key_pem,
                                  Algorithm algorithm, std::string_view kid) {
  const AlgorithmInfo& how = info(algorithm);
  if (how.family == Family::hmac) return fail("{} signs with a secret, not with a key", how.name);
  const Key key = read_private_key(private_key_pem);
  ERR_clear_error();
  if (!key) return fail("not a private key in PEM form without a password");
  const int bits = EVP_PKEY_get_bits(key.get());
  if (!EVP_PKEY_is_a(key.get(), key_type(how.family)) || (how.curve_bits != 0 && how.curve_bits != bits)) {
    return fail("the key is not for {}", how.name);
  }
  std::string token = signed_part(claims_json, algorithm, kid);
  std::string signature = signature_of(key.get(), how.digest, token);
  if (how.family == Family::ecdsa) signature = from_der(signature, static_cast<std::size_t>(bits + 7) / 8);
  ERR_clear_error();
  if (signature.empty()) return fail("OpenSSL could not sign by {}", how.name);
  return token + '.' + encode_base64url(signature);
}

}  // namespace whirl::auth
