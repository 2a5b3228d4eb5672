#include "app/engine.h"

#include "broker/memory/memory.h"

namespace whirl::app {

Result<hub::EngineFactory> make_engine(const config::Config& config) {
  broker::MemoryOptions options;
  options.history_meta_ttl_ms = config.channel.history_meta_ttl.ms();
  hub::EngineFactory engine;
  engine.broker = [options](net::Loop& loop) { return broker::make_memory_broker(loop, options); };
  engine.presence = [options](net::Loop& loop) { return broker::make_memory_presence(loop, options); };
  engine.controller = [](net::Loop&, std::string_view node_uid) {
    return broker::make_memory_controller(node_uid);
  };
  return engine;
}

}  // namespace whirl::app
