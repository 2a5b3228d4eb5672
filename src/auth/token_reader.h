#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "auth/claims.h"
#include "auth/tokens.h"
#include "base/result.h"

/// From claims whose signature is good to what a token says.
namespace whirl::auth {

struct TokenTimes {
  std::optional<double> exp;  ///< seconds since 1970
  std::optional<double> nbf;
  std::optional<std::int64_t> expire_at;
};

/// Fails if a time in the claims (iat included) is not written as one.
Result<TokenTimes> read_times(const ConnectClaims& claims);
Result<TokenTimes> read_times(const SubscribeClaims& claims);

ConnectVerdict read_token(const ConnectClaims& claims, const TokenTimes& times, std::string user,
                          std::int64_t unix_ms);
SubscribeVerdict read_token(const SubscribeClaims& claims, const TokenTimes& times, std::string user,
                            std::int64_t unix_ms);

}  // namespace whirl::auth
