#include "app/cli/verify.h"

#include <optional>

#include "app/cli/tokens.h"
#include "auth/http_jwks_fetcher.h"
#include "auth/jwt.h"
#include "auth/verifier.h"
#include "channel/rules.h"
#include "net/http_client.h"
#include "net/loop.h"

namespace whirl::app::cli {
namespace {

/// Runs a verification to its end on a loop of its own.
template <class Token, class Start>
Result<Token> verify(const config::Token& section, const config::Config& config, Start start) {
  net::Loop loop;
  net::HttpClient client(loop);
  auth::HttpJwksFetcher fetcher(loop, client);
  auth::Verifier::Options options;
  options.skip_signature = config.client.insecure_skip_token_signature_verify;
  options.fetcher = &fetcher;
  auto verifier = auth::Verifier::create(section, options);
  if (!verifier) return tl::unexpected(verifier.error());
  std::optional<tl::expected<Token, auth::TokenError>> verdict;
  start(**verifier,
        [&verdict](tl::expected<Token, auth::TokenError> answer) { verdict = std::move(answer); });
  while (!verdict) loop.turn(-1);
  if (!*verdict) return fail("{}", verdict->error().reason);
  return std::move(**verdict);
}

}  // namespace

Result<std::string> claims_of(const std::string& token) {
  codec::Arena arena;
  const auto jwt = auth::parse_jwt(token, arena);
  if (!jwt) return tl::unexpected(jwt.error());
  return std::string(jwt->claims);
}

Result<auth::ConnectToken> verify_connect(const config::Config& config, const std::string& token) {
  return verify<auth::ConnectToken>(config.client.token, config, [&](auth::Verifier& verifier, auto done) {
    verifier.verify_connect(token, std::move(done));
  });
}

Result<auth::SubscribeToken> verify_subscribe(const config::Config& config, const std::string& token) {
  const auto rules = channel::Rules::build(config.channel, config.client);
  if (!rules) return tl::unexpected(rules.error());
  const auto& section = subscription_section(config.client);
  auto verified = verify<auth::SubscribeToken>(section, config, [&](auth::Verifier& verifier, auto done) {
    verifier.verify_subscribe(token, std::move(done));
  });
  if (verified && !(*rules)->find(verified->channel)) {
    return fail("the token is for the channel \"{}\", whose namespace does not exist", verified->channel);
  }
  return verified;
}

}  // namespace whirl::app::cli
