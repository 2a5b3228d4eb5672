#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace whirl::admin {

/// How long a login lasts.
inline constexpr std::int64_t kTokenLifetimeS = std::int64_t{30} * 24 * 3600;

/// What somebody who logged in shows with each call: the time when it ends (Unix seconds) and an HMAC of that
/// with the secret, which is not empty. A node accepts the tokens of others with the same secret.
std::string make_token(std::string_view secret, std::int64_t expire_at);

/// Whether the token was made with the secret and has not ended. An empty secret accepts nothing.
bool accepts_token(std::string_view secret, std::string_view token, std::int64_t now);

}  // namespace whirl::admin
