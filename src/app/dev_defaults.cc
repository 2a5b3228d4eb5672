#include "app/dev_defaults.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace whirl::app {
namespace {

constexpr std::size_t kKeySize = 32;

/// Everything a client can be allowed, with enough history to try recovery out.
void open_channels(config::ChannelOptions& options) {
  options.presence = true;
  options.join_leave = true;
  options.history_size = 100;
  options.history_ttl = config::Duration::minutes(10);
  options.allow_recovery = true;
  options.allow_positioning = true;
  options.allowed_delta_types = {"fossil"};
  options.allow_tags_filter = true;
  options.allow_subscribe_for_anonymous = options.allow_subscribe_for_client = true;
  options.allow_publish_for_anonymous = options.allow_publish_for_client = true;
  options.allow_presence_for_anonymous = options.allow_presence_for_client = true;
  options.allow_history_for_anonymous = options.allow_history_for_client = true;
}

}  // namespace

config::Config dev_defaults() {
  config::Config config;
  config.http_server.address = "127.0.0.1";
  config.health.enabled = true;
  config.prometheus.enabled = true;
  config.http_api.key = random_text(kKeySize);
  // Pages of this machine only: another site in the same browser must not get at the server.
  config.client.allowed_origins = {"http://localhost:*", "http://127.0.0.1:*"};
  config.client.token.hmac_secret_key = random_text(kKeySize);
  config.client.allow_anonymous_connect_without_token = true;
  config.usage_stats.disabled = true;
  open_channels(config.channel.without_namespace);
  return config;
}

std::string dev_greeting(const config::Config& config, std::string_view token) {
  const std::string base = fmt::format("{}:{}", config.http_server.address, config.http_server.port);
  return fmt::format(
      R"(whirl dev: everything is allowed, nothing is kept. Do not use it in production.

  Open in two tabs      http://{0}/
  For an SDK            ws://{0}/connection/websocket
  A connection token    {2}

Publish to the page:

  curl -s http://{0}/api/publish -H 'X-API-Key: {1}' -d '{{"channel":"chat","data":{{"text":"hello from curl"}}}}'

)",
      base, config.http_api.key, token);
}

}  // namespace whirl::app
