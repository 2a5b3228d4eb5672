#include <algorithm>

#include "config/validate.h"

namespace whirl::config {
namespace {

constexpr std::string_view kEngines[] = {"memory", "redis"};
constexpr std::string_view kBrokers[] = {"memory", "redis", "nats", "postgres", "redisnats"};
constexpr std::string_view kNamedBrokers[] = {"memory", "redis", "nats", "postgres"};
constexpr std::string_view kMapBrokers[] = {"memory", "redis", "postgres"};
constexpr std::string_view kControllers[] = {"postgres"};

/// Of `brokers` or `presence_managers`, whose path is `list`.
template <class Part>
Result<> validate_named(const std::vector<Part>& parts, std::span<const std::string_view> types,
                        std::string_view list) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto path = fmt::format("{}[{}]", list, i);
    if (auto r = is_name(parts[i].name, path + ".name"); !r) return r;
    if (auto r = one_of(parts[i].type, types, path + ".type"); !r) return r;
    if (std::ranges::count(parts, parts[i].name, &Part::name) > 1) {
      return fail("{}.name is \"{}\", but another has that name too", path, parts[i].name);
    }
  }
  return {};
}

template <class Part>
Result<> validate_reference(const std::string& name, const std::vector<Part>& parts, std::string_view option,
                            std::string_view list) {
  if (name.empty()) return {};
  const auto found = std::ranges::find(parts, name, &Part::name);
  if (found == parts.end()) return fail("{} is \"{}\", but none of {} has that name", option, name, list);
  if (!found->enabled) return fail("{} is \"{}\", but that one of {} is not enabled", option, name, list);
  return {};
}

Result<> validate_references(const ChannelEngines& options, const Config& config) {
  if (auto r = validate_reference(options.broker_name, config.brokers, "broker_name", "brokers"); !r)
    return r;
  return validate_reference(options.presence_manager_name, config.presence_managers, "presence_manager_name",
                            "presence_managers");
}

}  // namespace

Result<> validate_engines(const Config& config) {
  if (auto r = one_of(config.engine.type, kEngines, "engine.type"); !r) return r;
  if (auto r = one_of(config.broker.type, kBrokers, "broker.type"); !r) return r;
  if (auto r = one_of(config.presence_manager.type, kEngines, "presence_manager.type"); !r) return r;
  if (auto r = one_of(config.map_broker.type, kMapBrokers, "map_broker.type"); !r) return r;
  if (auto r = validate_named(config.brokers, kNamedBrokers, "brokers"); !r) return r;
  if (auto r = validate_named(config.presence_managers, kEngines, "presence_managers"); !r) return r;
  const Channel& channel = config.channel;
  if (auto r = validate_references(channel.without_namespace, config); !r) {
    return at("channel.without_namespace", r);
  }
  for (std::size_t i = 0; i < channel.namespaces.size(); ++i) {
    auto r = validate_references(channel.namespaces[i], config);
    if (!r) return at(fmt::format("channel.namespaces[{}]", i), r);
  }
  if (config.controller.enabled) return one_of(config.controller.type, kControllers, "controller.type");
  return {};
}

}  // namespace whirl::config
