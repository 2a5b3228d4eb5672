#include "net/private_key.h"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace whirl::net {
namespace {

/// An encrypted key is not asked a password for.
int no_key_password(char*, int, int, void*) {
  return -1;
}

}  // namespace

void FreePrivateKey::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

PrivateKeyPtr read_private_key(std::string_view pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  PrivateKeyPtr key(PEM_read_bio_PrivateKey(bio, nullptr, no_key_password, nullptr));
  BIO_free(bio);
  return key;
}

std::string sign(EVP_PKEY* key, const char* digest, std::string_view input) {
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

std::string jose_signature(std::string_view der, std::size_t half) {
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

}  // namespace whirl::net
