#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

using EVP_PKEY = struct evp_pkey_st;

namespace whirl::acme {

/// The key that stands for our account with an authority: it signs every request (RFC 7515, ES256).
/// Immutable.
class AccountKey {
 public:
  static AccountKey make();
  /// Fails on what is not a private P-256 key without a password.
  static Result<AccountKey> from_pem(std::string_view pem);
  std::string pem() const;

  /// What goes over the wire for a payload (JSON, or empty to ask for a resource). `account` is the account's
  /// URL; while there is none, empty: then the key itself is sent.
  std::string sign(std::string_view payload, std::string_view url, std::string_view nonce,
                   std::string_view account) const;
  /// What proves control over a name: the token with a fingerprint of the key.
  std::string authorization(std::string_view token) const;

 private:
  explicit AccountKey(EVP_PKEY* key);
  std::string public_jwk() const;

  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace whirl::acme
