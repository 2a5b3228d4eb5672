#include <algorithm>

#include "base/regex.h"
#include "config/validate.h"

namespace whirl::config {
namespace {

constexpr std::string_view kDataFormats[] = {"", "json", "json_object", "binary"};
constexpr std::string_view kRecoveryModes[] = {"", "stream", "cache"};
constexpr std::string_view kDeltaTypes[] = {"fossil"};
constexpr std::string_view kSubscriptionTypes[] = {"",          "stream",     "map", "map_clients",
                                                   "map_users", "shared_poll"};
constexpr std::string_view kSharedPollModes[] = {"", "versionless", "versioned"};

Result<> whole_seconds(Duration duration, std::string_view name) {
  if (duration.ns <= 0 || duration.ns % Duration::seconds(1).ns == 0) return {};
  return fail("{} is {}, but must be whole seconds", name, duration.text());
}

Result<> validate_history(const ChannelOptions& options, Duration global_meta_ttl) {
  if (auto r = whole_seconds(options.history_ttl, "history_ttl"); !r) return r;
  if (auto r = whole_seconds(options.history_meta_ttl, "history_meta_ttl"); !r) return r;
  const bool has_size = options.history_size != 0;
  const bool has_ttl = options.history_ttl.ns != 0;
  if (has_size && !has_ttl) return fail("history_size needs history_ttl as well");
  if (has_ttl && !has_size) return fail("history_ttl needs history_size as well");
  const Duration meta = options.history_meta_ttl.ns != 0 ? options.history_meta_ttl : global_meta_ttl;
  if (meta < options.history_ttl) {
    return fail("history_ttl ({}) must not be greater than history_meta_ttl ({})", options.history_ttl.text(),
                meta.text());
  }
  if (options.force_recovery && !has_size) return fail("force_recovery needs history_size and history_ttl");
  if (auto r = one_of(options.force_recovery_mode, kRecoveryModes, "force_recovery_mode"); !r) return r;
  if (options.auto_cache_recover && (!options.force_recovery || options.force_recovery_mode != "cache")) {
    return fail("auto_cache_recover needs force_recovery, and force_recovery_mode \"cache\"");
  }
  return {};
}

/// A use of a proxy by channel options.
struct ProxyUse {
  bool enabled;
  const std::string& name;
  std::string_view option;  ///< that names the proxy
  const Proxy& standard;    ///< what the name `default` means
  std::string_view standard_path;
};

Result<> validate_proxies(const ChannelOptions& options, const Config& config,
                          const std::vector<std::string_view>& proxies) {
  const ChannelProxyContainer& standard = config.channel.proxy;
  const ProxyUse uses[] = {
      {options.subscribe_proxy_enabled, options.subscribe_proxy_name, "subscribe_proxy_name",
       standard.subscribe, "channel.proxy.subscribe"},
      {options.publish_proxy_enabled, options.publish_proxy_name, "publish_proxy_name", standard.publish,
       "channel.proxy.publish"},
      {options.sub_refresh_proxy_enabled, options.sub_refresh_proxy_name, "sub_refresh_proxy_name",
       standard.sub_refresh, "channel.proxy.sub_refresh"},
      {options.subscribe_stream_proxy_enabled, options.subscribe_stream_proxy_name,
       "subscribe_stream_proxy_name", standard.subscribe_stream, "channel.proxy.subscribe_stream"},
      {options.map.publish_proxy_enabled, options.map.publish_proxy_name, "map.publish_proxy_name",
       standard.map_publish, "channel.proxy.map_publish"},
      {options.map.remove_proxy_enabled, options.map.remove_proxy_name, "map.remove_proxy_name",
       standard.map_remove, "channel.proxy.map_remove"},
      {options.subscription_type == "shared_poll", options.shared_poll.proxy_name, "shared_poll.proxy_name",
       standard.shared_poll_refresh, "channel.proxy.shared_poll_refresh"},
  };
  for (const ProxyUse& use : uses) {
    if (!use.name.empty() && std::ranges::find(proxies, use.name) == proxies.end()) {
      return fail("{} is \"{}\", but there is no proxy with that name", use.option, use.name);
    }
    if (use.enabled && (use.name.empty() || use.name == "default")) {
      if (auto r = validate_proxy(use.standard, use.standard_path); !r) {
        return fail("{} is \"default\": {}", use.option, r.error().message);
      }
    }
  }
  const bool others =
      options.subscribe_proxy_enabled || options.publish_proxy_enabled || options.sub_refresh_proxy_enabled;
  if (options.subscribe_stream_proxy_enabled && others) {
    return fail(
        "subscribe_stream_proxy_enabled cannot be used together with the subscribe, publish and sub_refresh "
        "proxies");
  }
  return {};
}

Result<> validate_shared_poll(const ChannelOptions& options, const SharedPoll& global) {
  if (options.subscription_type != "shared_poll") return {};
  if (global.hmac_secret_key.empty()) {
    return fail(
        "subscription_type is \"shared_poll\", which needs shared_poll.hmac_secret_key at the top level");
  }
  if (auto r = one_of(options.shared_poll.mode, kSharedPollModes, "shared_poll.mode"); !r) return r;
  if (options.shared_poll.publish_enabled && options.shared_poll.mode != "versioned") {
    return fail("shared_poll.publish_enabled needs shared_poll.mode \"versioned\"");
  }
  return {};
}

const ChannelOptions* find_namespace(const Channel& channel, std::string_view name) {
  if (name.empty()) return &channel.without_namespace;
  const auto found = std::ranges::find(channel.namespaces, name, &ChannelNamespace::name);
  return found == channel.namespaces.end() ? nullptr : &*found;
}

/// Channels whose names start with the prefix must be map channels of the type.
Result<> validate_presence_prefix(const Channel& channel, std::string_view prefix, std::string_view type,
                                  std::string_view option) {
  if (prefix.empty()) return {};
  const std::size_t boundary =
      channel.namespace_boundary.empty() ? prefix.npos : prefix.find(channel.namespace_boundary);
  const std::string_view name = boundary == prefix.npos ? std::string_view() : prefix.substr(0, boundary);
  const ChannelOptions* target = find_namespace(channel, name);
  if (!target) return fail("{} is \"{}\", but there is no namespace \"{}\"", option, prefix, name);
  if (target->subscription_type == type) return {};
  return fail("{} is \"{}\", but the subscription_type there is \"{}\" and must be \"{}\"", option, prefix,
              target->subscription_type, type);
}

Result<> validate_options(const ChannelOptions& options, const Config& config,
                          const std::vector<std::string_view>& proxies) {
  if (auto r = validate_history(options, config.channel.history_meta_ttl); !r) return r;
  if (const auto regex = Regex::compile(options.channel_regex); !regex) {
    return fail("channel_regex is \"{}\": {}", options.channel_regex, regex.error().message);
  }
  for (const std::string& type : options.allowed_delta_types) {
    if (auto r = one_of(type, kDeltaTypes, "allowed_delta_types"); !r) return r;
  }
  if (auto r = one_of(options.publication_data_format, kDataFormats, "publication_data_format"); !r) return r;
  if (auto r = one_of(options.subscription_type, kSubscriptionTypes, "subscription_type"); !r) return r;
  if (auto r = validate_shared_poll(options, config.shared_poll); !r) return r;
  if (auto r = validate_proxies(options, config, proxies); !r) return r;
  if (auto r = at("map", validate_map(options.map, options.subscription_type)); !r) return r;
  const auto& channel = config.channel;
  if (auto r = validate_presence_prefix(channel, options.map_clients_presence_channel_prefix, "map_clients",
                                        "map_clients_presence_channel_prefix");
      !r) {
    return r;
  }
  return validate_presence_prefix(channel, options.map_users_presence_channel_prefix, "map_users",
                                  "map_users_presence_channel_prefix");
}

/// Where connections get a channel of their user, its namespace must exist, and keep presence for a single
/// connection.
Result<> validate_personal_channel(const Config& config) {
  const auto& personal = config.client.subscribe_to_user_personal_channel;
  if (!personal.enabled) return {};
  const std::string& name = personal.personal_channel_namespace;
  const ChannelOptions* options = find_namespace(config.channel, name);
  const std::string path = "client.subscribe_to_user_personal_channel";
  if (!options)
    return fail("{}.personal_channel_namespace is \"{}\", but there is no such namespace", path, name);
  if (!personal.single_connection || options->presence) return {};
  return fail("{}.single_connection needs presence in {}", path,
              name.empty() ? "channel.without_namespace" : fmt::format("the namespace \"{}\"", name));
}

}  // namespace

Result<> validate_channels(const Config& config, const std::vector<std::string_view>& proxies) {
  const Channel& channel = config.channel;
  if (auto r = whole_seconds(channel.history_meta_ttl, "channel.history_meta_ttl"); !r) return r;
  if (auto r = one_of(channel.publication_data_format, kDataFormats, "channel.publication_data_format"); !r)
    return r;
  if (auto r = at("channel.without_namespace", validate_options(channel.without_namespace, config, proxies));
      !r) {
    return r;
  }
  for (std::size_t i = 0; i < channel.namespaces.size(); ++i) {
    const ChannelNamespace& ns = channel.namespaces[i];
    const auto path = fmt::format("channel.namespaces[{}]", i);
    if (auto r = is_name(ns.name, path + ".name"); !r) return r;
    if (std::ranges::count(channel.namespaces, ns.name, &ChannelNamespace::name) > 1) {
      return fail("{}.name is \"{}\", which another namespace has too", path, ns.name);
    }
    if (auto r = at(fmt::format("{} ({})", path, ns.name), validate_options(ns, config, proxies)); !r)
      return r;
  }
  return validate_personal_channel(config);
}

}  // namespace whirl::config
