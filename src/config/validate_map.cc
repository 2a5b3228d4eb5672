#include "config/validate.h"

namespace whirl::config {
namespace {

constexpr std::string_view kModes[] = {"", "ephemeral", "recoverable", "persistent"};
constexpr std::string_view kClientKeys[] = {"", "client_id", "user_id"};

Result<> validate_client_key(const MapConfig& map) {
  if (auto r = one_of(map.client_key, kClientKeys, "client_key"); !r) return r;
  if (map.client_key.empty()) return {};
  if (map.publish_proxy_enabled) return fail("client_key cannot be used together with publish_proxy_enabled");
  if (map.remove_proxy_enabled) return fail("client_key cannot be used together with remove_proxy_enabled");
  return {};
}

Result<> validate_mode(const MapConfig& map, std::string_view subscription_type) {
  const bool presence = subscription_type == "map_clients" || subscription_type == "map_users";
  const bool is_map = presence || subscription_type == "map";
  if (auto r = one_of(map.mode, kModes, "mode"); !r) return r;
  if (is_map && map.mode.empty())
    return fail("mode must be set where subscription_type is \"{}\"", subscription_type);
  if (map.mode == "ephemeral" || map.mode == "recoverable") {
    if (map.key_ttl.ns <= 0) return fail("key_ttl must be greater than zero in the mode \"{}\"", map.mode);
  }
  if (map.mode == "persistent" && map.key_ttl.ns != 0) {
    return fail("key_ttl must not be set in the mode \"persistent\", where keys do not expire");
  }
  if (map.mode == "persistent" && presence) {
    return fail("mode must be \"ephemeral\" or \"recoverable\" where subscription_type is \"{}\"",
                subscription_type);
  }
  if (map.remove_client_on_unsubscribe && !is_map) {
    return fail("remove_client_on_unsubscribe needs a subscription_type of maps");
  }
  return {};
}

Result<> validate_stream(const MapConfig& map) {
  if (map.mode == "ephemeral") {
    if (map.stream_size > 0) return fail("stream_size must not be set in the mode \"ephemeral\"");
    if (map.stream_ttl.ns != 0) return fail("stream_ttl must not be set in the mode \"ephemeral\"");
    if (map.meta_ttl.ns != 0) return fail("meta_ttl must not be set in the mode \"ephemeral\"");
  }
  if (map.mode != "recoverable" && map.mode != "persistent") return {};
  if (map.stream_size < 0) return fail("stream_size must not be negative");
  if (map.stream_ttl.ns < 0) return fail("stream_ttl must not be negative");
  if (map.meta_ttl.ns < 0) return fail("meta_ttl must not be negative");
  const Duration stream_ttl = map.stream_ttl.ns != 0 ? map.stream_ttl : Duration::minutes(1);
  if (map.meta_ttl.ns != 0 && map.meta_ttl < stream_ttl) {
    return fail("meta_ttl ({}) must not be less than stream_ttl ({})", map.meta_ttl.text(),
                stream_ttl.text());
  }
  return {};
}

/// Zero stands for the server's choice, so only sizes that are set are compared.
Result<> validate_pages(const MapConfig& map) {
  const auto min = map.min_page_size, standard = map.default_page_size, max = map.max_page_size;
  if (min < 0) return fail("min_page_size must not be negative");
  if (max < 0) return fail("max_page_size must not be negative");
  if (standard < 0) return fail("default_page_size must not be negative");
  if (max > 0 && min > max)
    return fail("min_page_size ({}) must not be greater than max_page_size ({})", min, max);
  if (max > 0 && standard > max) {
    return fail("default_page_size ({}) must not be greater than max_page_size ({})", standard, max);
  }
  if (standard > 0 && standard < min) {
    return fail("default_page_size ({}) must not be less than min_page_size ({})", standard, min);
  }
  return {};
}

}  // namespace

Result<> validate_map(const MapConfig& map, std::string_view subscription_type) {
  if (auto r = validate_client_key(map); !r) return r;
  if (auto r = validate_mode(map, subscription_type); !r) return r;
  if (auto r = validate_stream(map); !r) return r;
  return validate_pages(map);
}

}  // namespace whirl::config
