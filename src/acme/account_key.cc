#include "acme/account_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "acme/certificate_request.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/json_text.h"
#include "net/private_key.h"

namespace whirl::acme {
namespace {

constexpr std::size_t kHalf = 32;  // bytes of a number of P-256

std::string coordinate(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  WHIRL_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(kHalf, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(kHalf));
  BN_free(number);
  return encode_base64url(bytes);
}

std::string signature_of(EVP_PKEY* key, std::string_view input) {
  std::string out = net::jose_signature(net::sign(key, "SHA256", input), kHalf);
  WHIRL_CHECK(!out.empty());
  return out;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += name;
  out += "\":";
  append_json_string(out, text);
}

}  // namespace

AccountKey::AccountKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}

AccountKey AccountKey::make() {
  return AccountKey(new_key());
}

Result<AccountKey> AccountKey::from_pem(std::string_view pem) {
  net::PrivateKeyPtr key = net::read_private_key(pem);
  ERR_clear_error();
  if (!key) return fail("it is not a private key in PEM form without a password");
  if (!EVP_PKEY_is_a(key.get(), "EC") || EVP_PKEY_get_bits(key.get()) != 256)
    return fail("its key is not on P-256");
  return AccountKey(key.release());
}

std::string AccountKey::pem() const {
  return key_pem(key_.get());
}

// The members in the order that their fingerprint (RFC 7638) is made of.
std::string AccountKey::public_jwk() const {
  return fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})",
                     coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X),
                     coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y));
}

std::string AccountKey::authorization(std::string_view token) const {
  return fmt::format("{}.{}", token, encode_base64url(sha256(public_jwk())));
}

std::string AccountKey::sign(std::string_view payload, std::string_view url, std::string_view nonce,
                             std::string_view account) const {
  std::string head = "{";
  append_member(head, "alg", "ES256");
  append_member(head, "nonce", nonce);
  append_member(head, "url", url);
  if (account.empty()) {
    head += ",\"jwk\":" + public_jwk();
  } else {
    append_member(head, "kid", account);
  }
  head += '}';
  const std::string first = encode_base64url(head);
  const std::string second = encode_base64url(payload);
  std::string out = "{";
  append_member(out, "protected", first);
  append_member(out, "payload", second);
  append_member(out, "signature", encode_base64url(signature_of(key_.get(), first + '.' + second)));
  return out + '}';
}

}  // namespace whirl::acme
