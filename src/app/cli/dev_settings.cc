#include "app/cli/dev_settings.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace whirl::app::cli {
namespace {

constexpr std::size_t kKeySize = 32;

constexpr std::pair<std::string_view, std::string_view> kSettings[] = {
    {"http_server.address", "127.0.0.1"},
    {"health.enabled", "true"},
    {"prometheus.enabled", "true"},
    {"usage_stats.disabled", "true"},
    // Pages of this machine only: another site in the same browser must not get at the server.
    {"client.allowed_origins", "http://localhost:* http://127.0.0.1:*"},
    {"client.allow_anonymous_connect_without_token", "true"},
};

/// Everything a client can be allowed, with enough history to try recovery out.
constexpr std::pair<std::string_view, std::string_view> kChannelSettings[] = {
    {"presence", "true"},
    {"join_leave", "true"},
    {"history_size", "100"},
    {"history_ttl", "10m"},
    {"allow_recovery", "true"},
    {"allow_positioning", "true"},
    {"allowed_delta_types", "fossil"},
    {"allow_tags_filter", "true"},
    {"allow_subscribe_for_anonymous", "true"},
    {"allow_subscribe_for_client", "true"},
    {"allow_publish_for_anonymous", "true"},
    {"allow_publish_for_client", "true"},
    {"allow_presence_for_anonymous", "true"},
    {"allow_presence_for_client", "true"},
    {"allow_history_for_anonymous", "true"},
    {"allow_history_for_client", "true"},
};

}  // namespace

std::vector<std::pair<std::string, std::string>> dev_settings() {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const auto& [path, text] : kSettings) settings.emplace_back(path, text);
  for (const auto& [name, text] : kChannelSettings) {
    settings.emplace_back(fmt::format("channel.without_namespace.{}", name), text);
  }
  settings.emplace_back("http_api.key", random_text(kKeySize));
  settings.emplace_back("client.token.hmac_secret_key", random_text(kKeySize));
  return settings;
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

}  // namespace whirl::app::cli
