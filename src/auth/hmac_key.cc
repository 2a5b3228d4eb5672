#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "auth/keys.h"
#include "base/check.h"

namespace whirl::auth {
namespace {

EVP_MAC_CTX* mac(void* context) {
  return static_cast<EVP_MAC_CTX*>(context);
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void HmacKey::Free::operator()(void* context) const {
  EVP_MAC_CTX_free(mac(context));
}

Result<HmacKey> HmacKey::create(std::string_view secret) {
  if (secret.empty()) return fail("the HMAC secret is empty");
  HmacKey key;
  EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  for (std::size_t i = 0; hmac && i < key.contexts_.size(); ++i) {
    key.contexts_[i].reset(EVP_MAC_CTX_new(hmac));
    char* digest = const_cast<char*>(info(static_cast<Algorithm>(i)).digest);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    if (!key.contexts_[i] ||
        !EVP_MAC_init(mac(key.contexts_[i].get()), bytes(secret), secret.size(), params)) {
      key.contexts_[i].reset();
      break;
    }
  }
  EVP_MAC_free(hmac);
  if (!key.contexts_.back()) return fail("OpenSSL cannot compute HMAC with SHA-2");
  return key;
}

std::size_t HmacKey::compute(Algorithm algorithm, std::string_view input, unsigned char* out) {
  EVP_MAC_CTX* context = mac(contexts_[static_cast<std::size_t>(algorithm)].get());
  std::size_t size = 0;
  // Without a key init() goes back to the state after the key.
  const bool done = EVP_MAC_init(context, nullptr, 0, nullptr) &&
                    EVP_MAC_update(context, bytes(input), input.size()) &&
                    EVP_MAC_final(context, out, &size, EVP_MAX_MD_SIZE);
  return done ? size : 0;
}

bool HmacKey::verify(Algorithm algorithm, std::string_view input, std::string_view signature) {
  if (info(algorithm).family != Family::hmac) return false;
  unsigned char expected[EVP_MAX_MD_SIZE];
  const std::size_t size = compute(algorithm, input, expected);
  return size != 0 && signature.size() == size && CRYPTO_memcmp(expected, signature.data(), size) == 0;
}

std::string HmacKey::sign(Algorithm algorithm, std::string_view input) {
  WHIRL_CHECK(info(algorithm).family == Family::hmac);
  unsigned char signature[EVP_MAX_MD_SIZE];
  const std::size_t size = compute(algorithm, input, signature);
  WHIRL_CHECK(size != 0);
  return {reinterpret_cast<const char*>(signature), size};
}

}  // namespace whirl::auth
