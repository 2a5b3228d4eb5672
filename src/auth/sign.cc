#include "auth/sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "auth/keys.h"
#include "base/base64.h"
#include "base/json_text.h"
#include "net/private_key.h"

namespace whirl::auth {
namespace {

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

const char* key_type(Family family) {
  return family == Family::rsa ? "RSA" : family == Family::ecdsa ? "EC" : "ED25519";
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
  const net::PrivateKeyPtr key = net::read_private_key(private_key_pem);
  ERR_clear_error();
  if (!key) return fail("not a private key in PEM form without a password");
  const int bits = EVP_PKEY_get_bits(key.get());
  if (!EVP_PKEY_is_a(key.get(), key_type(how.family)) || (how.curve_bits != 0 && how.curve_bits != bits)) {
    return fail("the key is not for {}", how.name);
  }
  std::string token = signed_part(claims_json, algorithm, kid);
  std::string signature = net::sign(key.get(), how.digest, token);
  if (how.family == Family::ecdsa)
    signature = net::jose_signature(signature, static_cast<std::size_t>(bits + 7) / 8);
  ERR_clear_error();
  if (signature.empty()) return fail("OpenSSL could not sign by {}", how.name);
  return token + '.' + encode_base64url(signature);
}

}  // namespace whirl::auth
