#include "app/engine.h"

namespace whirl::app {
namespace {

const EngineKind* const kEngines[] = {&kMemoryEngine, &kRedisEngine, &kNatsEngine};

struct Choice {
  const EngineKind* kind = nullptr;
  EngineSection section = EngineSection::engine;
};

Result<Choice> choose(std::string_view option, std::string_view type, EngineSection section) {
  for (const EngineKind* kind : kEngines) {
    if (kind->name == type) return Choice{kind, section};
  }
  return fail("{} is {}, but this build does not have that", option, type);
}

}  // namespace

Result<hub::EngineFactory> make_engine(const EngineContext& context) {
  const config::Config& config = context.config;
  auto choice = [&](const auto& part, std::string_view option) {
    return part.enabled ? choose(option, part.type, EngineSection::own)
                        : choose("engine.type", config.engine.type, EngineSection::engine);
  };
  auto broker = choice(config.broker, "broker.type");
  if (!broker) return tl::unexpected(broker.error());
  auto presence = choice(config.presence_manager, "presence_manager.type");
  if (!presence) return tl::unexpected(presence.error());
  if (!broker->kind->broker || !broker->kind->controller || !presence->kind->presence) {
    return fail("{} keeps no presence, so it cannot be the presence_manager.type", presence->kind->name);
  }
  auto brokers = broker->kind->broker(context, broker->section);
  if (!brokers) return tl::unexpected(brokers.error());
  auto presences = presence->kind->presence(context, presence->section);
  if (!presences) return tl::unexpected(presences.error());
  auto controllers = broker->kind->controller(context, broker->section);
  if (!controllers) return tl::unexpected(controllers.error());
  const auto limits = broker->kind->limits;
  return hub::EngineFactory{std::move(*brokers), std::move(*presences), std::move(*controllers),
                            limits ? limits(config) : broker::Limits()};
}

Result<> check_engine(const config::Config& config) {
  for (const EngineKind* kind : kEngines) {
    if (!kind->check) continue;
    if (auto good = kind->check(config); !good) return good;
  }
  return {};
}

}  // namespace whirl::app
