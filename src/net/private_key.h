#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

/// Private keys and what is signed with them, by OpenSSL. Pure; failures leave the reason in OpenSSL's error
/// queue.
namespace whirl::net {

struct FreePrivateKey {
  void operator()(EVP_PKEY* key) const;
};
using PrivateKeyPtr = std::unique_ptr<EVP_PKEY, FreePrivateKey>;

/// The first private key of a PEM text; null if there is none that needs no password.
PrivateKeyPtr read_private_key(std::string_view pem);

/// The signature as OpenSSL makes it (of an EC key: DER); empty if it fails. `digest` is null for keys that
/// bring their own.
std::string sign(EVP_PKEY* key, const char* digest, std::string_view input);

/// The two numbers of an EC key's signature side by side, each `half` bytes long, as JOSE has them; empty if
/// it is not DER.
std::string jose_signature(std::string_view der, std::size_t half);

}  // namespace whirl::net
