#pragma once
#include <functional>
#include <string>
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

/// Where the configuration describes a broker or who keeps presence: in `engine`, unless it has a section of
/// its own.
template <class Section>
struct EnginePart {
  const Section* section = nullptr;  ///< null: `engine`
  std::string path = "engine";
  std::string name{};  ///< that namespaces use
};
using BrokerPart = EnginePart<config::Broker>;
using PresencePart = EnginePart<config::PresenceManager>;

using BrokerFactory = decltype(hub::EngineFactory::broker);
using PresenceFactory = decltype(hub::EngineFactory::presence);
using ControllerFactory = decltype(hub::EngineFactory::controller);

/// A kind of engine, by the name that the configuration calls it. A part that it does not have is null.
struct EngineKind {
  std::string_view name;
  Result<BrokerFactory> (*broker)(const EngineContext&, const BrokerPart&) = nullptr;
  Result<PresenceFactory> (*presence)(const EngineContext&, const PresencePart&) = nullptr;
  /// Nodes talk to each other through the server that carries the publications.
  Result<ControllerFactory> (*controller)(const EngineContext&, const BrokerPart&) = nullptr;
  /// What its broker cannot do; null if it can do everything.
  broker::Limits (*limits)(const BrokerPart&) = nullptr;
  /// What can be known to be wrong without connecting; null: nothing.
  Result<> (*check_broker)(const config::Config&, const BrokerPart&) = nullptr;
  Result<> (*check_presence)(const config::Config&, const PresencePart&) = nullptr;
};

extern const EngineKind kMemoryEngine;
extern const EngineKind kRedisEngine;
extern const EngineKind kNatsEngine;

/// Who carries publications, keeps history and presence, and connects the nodes, as the configuration says.
Result<hub::EngineFactory> make_engine(const EngineContext& context);

/// What make_engine() would refuse, as far as that is known without connecting.
Result<> check_engine(const config::Config& config);

/// Fails if a namespace would change its broker or who keeps its presence, which takes a restart.
Result<> keeps_engines(const config::Config& running, const config::Config& next);

}  // namespace whirl::app
