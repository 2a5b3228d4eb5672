#include "app/engine.h"

#include <algorithm>

#include "broker/by_channel.h"
#include "channel/rules.h"

namespace whirl::app {
namespace {

const EngineKind* const kEngines[] = {&kMemoryEngine, &kRedisEngine, &kNatsEngine};

Result<const EngineKind*> kind_of(std::string_view path, std::string_view type) {
  for (const EngineKind* kind : kEngines) {
    if (kind->name == type) return kind;
  }
  return fail("{}.type is {}, but this build does not have that", path, type);
}

/// All brokers (or all that keep presence): first the server's own, then those that namespaces name.
template <class Section, class Named>
std::vector<EnginePart<Section>> parts_of(const Section& own, std::string_view path,
                                          const std::vector<Named>& named, std::string_view list) {
  std::vector<EnginePart<Section>> out(1);
  if (own.enabled) out[0] = {&own, std::string(path), {}};
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (named[i].enabled) out.push_back({&named[i], fmt::format("{}[{}]", list, i), named[i].name});
  }
  return out;
}
std::vector<BrokerPart> brokers_of(const config::Config& config) {
  return parts_of(config.broker, "broker", config.brokers, "brokers");
}
std::vector<PresencePart> presences_of(const config::Config& config) {
  return parts_of(config.presence_manager, "presence_manager", config.presence_managers, "presence_managers");
}

template <class Section>
Result<const EngineKind*> kind_of(const config::Config& config, const EnginePart<Section>& part) {
  return kind_of(part.path, part.section ? part.section->type : config.engine.type);
}

/// By the namespace of the channel, as the configuration was when the server started.
template <class Section>
Result<broker::Choice> choice_of(const config::Config& config, const std::vector<EnginePart<Section>>& parts,
                                 std::string config::ChannelEngines::*option) {
  auto rules = channel::Rules::build(config.channel, config.client);
  if (!rules) return tl::unexpected(rules.error());
  std::vector<std::string> names;
  for (const auto& part : parts) names.push_back(part.name);
  return [rules = *rules, names, option](std::string_view channel) -> std::size_t {
    const channel::Namespace* found = rules->find(channel);
    if (!found) return 0;
    const auto at = std::ranges::find(names, found->*option);
    return at == names.end() ? 0 : static_cast<std::size_t>(at - names.begin());
  };
}

/// What makes the parts of each loop, in the order of the configuration.
template <class Factory>
auto make_all(const std::vector<Factory>& factories, net::Loop& loop) {
  std::vector<decltype(factories[0](loop))> made;
  for (const Factory& factory : factories) made.push_back(factory(loop));
  return made;
}

Result<> add_brokers(const EngineContext& context, hub::EngineFactory& out) {
  const auto parts = brokers_of(context.config);
  std::vector<BrokerFactory> factories;
  std::vector<broker::Limits> limits;
  for (const BrokerPart& part : parts) {
    auto kind = kind_of(context.config, part);
    if (!kind) return tl::unexpected(kind.error());
    auto made = (*kind)->broker(context, part);
    if (!made) return tl::unexpected(made.error());
    factories.push_back(std::move(*made));
    limits.push_back((*kind)->limits ? (*kind)->limits(part) : broker::Limits());
    if (&part != &parts.front()) continue;
    auto controller = (*kind)->controller(context, part);
    if (!controller) return tl::unexpected(controller.error());
    out.controller = std::move(*controller);
  }
  if (parts.size() == 1) {
    out.broker = std::move(factories[0]);
    out.limits = [only = limits[0]](std::string_view) { return only; };
    return {};
  }
  auto choice = choice_of(context.config, parts, &config::ChannelEngines::broker_name);
  if (!choice) return tl::unexpected(choice.error());
  out.broker = [factories, choice = *choice](net::Loop& loop) {
    return broker::make_broker_by_channel(make_all(factories, loop), choice);
  };
  out.limits = [limits, choice = *choice](std::string_view channel) { return limits[choice(channel)]; };
  return {};
}

Result<> add_presence(const EngineContext& context, hub::EngineFactory& out) {
  const auto parts = presences_of(context.config);
  std::vector<PresenceFactory> factories;
  for (const PresencePart& part : parts) {
    auto kind = kind_of(context.config, part);
    if (!kind) return tl::unexpected(kind.error());
    if (!(*kind)->presence)
      return fail("{}.type is {}, but that keeps no presence", part.path, (*kind)->name);
    auto made = (*kind)->presence(context, part);
    if (!made) return tl::unexpected(made.error());
    factories.push_back(std::move(*made));
  }
  if (parts.size() == 1) {
    out.presence = std::move(factories[0]);
    return {};
  }
  auto choice = choice_of(context.config, parts, &config::ChannelEngines::presence_manager_name);
  if (!choice) return tl::unexpected(choice.error());
  out.presence = [factories, choice = *choice](net::Loop& loop) {
    return broker::make_presence_by_channel(make_all(factories, loop), choice);
  };
  return {};
}

Result<> keeps(const config::ChannelEngines& running, const config::ChannelEngines& next,
               std::string_view path) {
  const bool kept =
      running.broker_name == next.broker_name && running.presence_manager_name == next.presence_manager_name;
  if (kept) return {};
  return fail("{}: broker_name and presence_manager_name change with a restart only", path);
}

}  // namespace

Result<hub::EngineFactory> make_engine(const EngineContext& context) {
  hub::EngineFactory out;
  if (auto done = add_brokers(context, out); !done) return tl::unexpected(done.error());
  if (auto done = add_presence(context, out); !done) return tl::unexpected(done.error());
  return out;
}

Result<> check_engine(const config::Config& config) {
  for (const BrokerPart& part : brokers_of(config)) {
    auto kind = kind_of(config, part);
    if (!kind) return tl::unexpected(kind.error());
    if (!(*kind)->check_broker) continue;
    if (auto good = (*kind)->check_broker(config, part); !good) return good;
  }
  for (const PresencePart& part : presences_of(config)) {
    auto kind = kind_of(config, part);
    if (!kind) return tl::unexpected(kind.error());
    if (!(*kind)->check_presence) continue;
    if (auto good = (*kind)->check_presence(config, part); !good) return good;
  }
  return {};
}

Result<> keeps_engines(const config::Config& running, const config::Config& next) {
  const config::Channel& before = running.channel;
  auto kept = keeps(before.without_namespace, next.channel.without_namespace, "channel.without_namespace");
  const config::ChannelEngines none;
  for (const config::ChannelNamespace& ns : next.channel.namespaces) {
    const auto was = std::ranges::find(before.namespaces, ns.name, &config::ChannelNamespace::name);
    if (kept) kept = keeps(was == before.namespaces.end() ? none : *was, ns, "channel.namespaces " + ns.name);
  }
  return kept;
}

}  // namespace whirl::app
