#pragma once
#include <cstdint>
#include <optional>

#include "auth/jwt.h"
#include "auth/keys.h"
#include "base/result.h"
#include "config/sections/token.h"

namespace whirl::auth {

/// The keys that stand in the configuration itself. Belongs to one loop.
class LocalKeys {
 public:
  static Result<LocalKeys> create(const config::Token& token);

  /// Fails unless the token is signed by the key that goes with its algorithm; with an HMAC algorithm also
  /// the previous secret is tried as long as it is valid.
  Result<> verify(const Jwt& jwt, std::int64_t unix_seconds);

 private:
  LocalKeys() = default;

  std::optional<HmacKey> hmac_;
  std::optional<HmacKey> previous_hmac_;
  std::int64_t previous_hmac_until_ = 0;  // Unix seconds, 0 = for good
  std::optional<PublicKey> rsa_;
  std::optional<PublicKey> ecdsa_;
};

}  // namespace whirl::auth
