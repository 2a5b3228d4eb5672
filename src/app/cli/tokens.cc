#include "app/cli/tokens.h"

#include "auth/sign.h"
#include "config/load.h"
#include "config/value.h"

namespace whirl::app::cli {

void add_token_flags(Flags& flags, TokenFlags& values) {
  flags.config(values.file, "Configuration file with the secret");
  flags.text("-u,--user", values.user, "User ID; anonymous if not given");
  flags.number("-t,--ttl", values.ttl, "Seconds until the token expires; -1 for never");
  flags.on("-q,--quiet", values.quiet, "Print nothing but the token");
}

Result<config::Config> load_for_tokens(const std::string& file) {
  config::LoadOptions options;
  options.file = file;
  auto loaded = config::load(options);
  if (!loaded) return tl::unexpected(loaded.error());
  return std::move(loaded->config);
}

const config::Token& subscription_section(const config::Client& client) {
  return client.subscription_token.enabled ? client.subscription_token : client.token;
}

Result<std::string> make_token(const config::Token& section, const TokenFlags& flags,
                               std::int64_t now_seconds) {
  if (section.hmac_secret_key.empty()) {
    return fail(
        "there is no hmac_secret_key in the configuration, and only tokens with an HMAC can be made here");
  }
  config::Map claims;
  if (!flags.user.empty()) claims.push_back({"sub", {flags.user}});
  if (flags.ttl > 0) claims.push_back({"exp", {now_seconds + flags.ttl}});
  claims.push_back({"iat", {now_seconds}});
  if (!flags.channel.empty()) claims.push_back({"channel", {flags.channel}});
  if (!section.user_id_claim.empty()) claims.push_back({section.user_id_claim, {flags.user}});
  return auth::sign_hs(config::write_json_compact({claims}), section.hmac_secret_key);
}

std::string name_user(std::string_view user) {
  return user.empty() ? "anonymous user" : fmt::format("user \"{}\"", user);
}

std::string name_ttl(std::int64_t seconds) {
  if (seconds < 0) return "without expiration";
  return "with expiration TTL " + config::Duration::seconds(seconds).text();
}

}  // namespace whirl::app::cli
