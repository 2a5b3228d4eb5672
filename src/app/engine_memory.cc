#include "app/engine.h"
#include "broker/memory/memory.h"

namespace whirl::app {
namespace {

broker::MemoryOptions options_of(const config::Config& config) {
  broker::MemoryOptions options;
  options.history_meta_ttl_ms = config.channel.history_meta_ttl.ms();
  return options;
}

Result<BrokerFactory> broker_factory(const EngineContext& context, const BrokerPart&) {
  return [options = options_of(context.config)](net::Loop& loop) {
    return broker::make_memory_broker(loop, options);
  };
}

Result<PresenceFactory> presence_factory(const EngineContext& context, const PresencePart&) {
  return [options = options_of(context.config)](net::Loop& loop) {
    return broker::make_memory_presence(loop, options);
  };
}

Result<ControllerFactory> controller_factory(const EngineContext&, const BrokerPart&) {
  return [](net::Loop&, std::string_view node_uid) { return broker::make_memory_controller(node_uid); };
}

}  // namespace

const EngineKind kMemoryEngine{"memory", broker_factory, presence_factory, controller_factory};

}  // namespace whirl::app
