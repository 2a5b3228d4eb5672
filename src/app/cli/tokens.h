#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "app/cli/command.h"
#include "base/result.h"
#include "config/config.h"

namespace whirl::app::cli {

/// Flags of the commands that make tokens.
struct TokenFlags {
  std::string file{};
  std::string user{};
  std::string channel{};          ///< of subscription tokens
  std::int64_t ttl = 7 * 86'400;  ///< seconds; without expiration if negative
  bool quiet = false;
};
void add_token_flags(Flags& flags, TokenFlags& values);

/// The configuration for a command about tokens. It is not validated: what has nothing to do with tokens is
/// not asked.
Result<config::Config> load_for_tokens(const std::string& file);

/// The section by which subscription tokens are verified.
const config::Token& subscription_section(const config::Client& client);

/// A token signed with the section's secret: of a connection if no channel is given, else of a subscription.
Result<std::string> make_token(const config::Token& section, const TokenFlags& flags,
                               std::int64_t now_seconds);

/// `user "ann"`, or `anonymous user`.
std::string name_user(std::string_view user);

/// `with expiration TTL 1h0m0s`, or `without expiration`.
std::string name_ttl(std::int64_t seconds);

}  // namespace whirl::app::cli
