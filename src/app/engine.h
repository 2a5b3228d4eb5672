#pragma once
#include <functional>
#include <string_view>

#include "base/result.h"
#include "broker/health.h"
#include "config/config.h"
#include "hub/node.h"
#include "metrics/loop_metrics.h"

namespace whirl::app {

/// What engines are made from. The configuration is there during the making only; the rest outlives the
/// engine.
struct EngineContext {
  const config::Config& config;
  std::function<metrics::LoopMetrics&(int loop)> metrics;
  broker::Health& health;
};

/// Which section of the configuration names the engine: `engine`, or the part's own (`broker`,
/// `presence_manager`).
enum class EngineSection { engine, own };

using BrokerFactory = decltype(hub::EngineFactory::broker);
using PresenceFactory = decltype(hub::EngineFactory::presence);
using ControllerFactory = decltype(hub::EngineFactory::controller);

/// A kind of engine, by the name that the configuration calls it. A part that it does not have is null.
struct EngineKind {
  std::string_view name;
  Result<BrokerFactory> (*broker)(const EngineContext&, EngineSection) = nullptr;
  Result<PresenceFactory> (*presence)(const EngineContext&, EngineSection) = nullptr;
  /// Nodes talk to each other through the server that carries the publications.
  Result<ControllerFactory> (*controller)(const EngineContext&, EngineSection) = nullptr;
  /// What its broker cannot do; null if it can do everything.
  broker::Limits (*limits)(const config::Config&) = nullptr;
  /// What can be known to be wrong without connecting, in the sections that name this kind; null: nothing.
  Result<> (*check)(const config::Config&) = nullptr;
};

extern const EngineKind kMemoryEngine;
extern const EngineKind kRedisEngine;
extern const EngineKind kNatsEngine;

/// Who carries publications, keeps history and presence, and connects the nodes, as the configuration says.
Result<hub::EngineFactory> make_engine(const EngineContext& context);

/// What make_engine() would refuse, as far as that is known without connecting.
Result<> check_engine(const config::Config& config);

}  // namespace whirl::app
