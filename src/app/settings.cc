#include "app/settings.h"

#include <unistd.h>

#include "base/version.h"
#include "channel/rules.h"

namespace whirl::app {

Result<std::shared_ptr<const session::Settings>> make_settings(const config::Config& config,
                                                               bool explains_errors) {
  auto rules = channel::Rules::build(config.channel, config.client);
  if (!rules) return tl::unexpected(rules.error());
  auto settings = std::make_shared<session::Settings>();
  settings->client = session::with_defaults(config.client);
  settings->rpc = config.rpc;
  settings->rules = *rules;
  settings->version = kVersion;
  settings->explains_errors = explains_errors;
  return settings;
}

Result<Verifiers> make_verifiers(const config::Client& client, auth::JwksFetcher& fetcher,
                                 const Clock& clock) {
  auth::Verifier::Options options;
  options.skip_signature = client.insecure_skip_token_signature_verify;
  options.fetcher = &fetcher;
  options.clock = &clock;
  Verifiers out;
  auto connection = auth::Verifier::create(client.token, options);
  if (!connection) return fail("client.token: {}", connection.error().message);
  out.connection = std::move(*connection);
  if (client.subscription_token.enabled) {
    auto subscription = auth::Verifier::create(client.subscription_token, options);
    if (!subscription) return fail("client.subscription_token: {}", subscription.error().message);
    out.subscription = std::move(*subscription);
  }
  return out;
}

std::string node_name(const config::Config& config) {
  if (!config.node.name.empty()) return config.node.name;
  char host[256] = "?";
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = '?';
  return fmt::format("{}_{}", host, config.http_server.port);
}

}  // namespace whirl::app
