#pragma once
#include <cstdint>
#include <memory>

#include "broker/broker.h"

namespace whirl::net {
class Loop;
}

/// The engine of a single process: everything is kept in memory, each part in the loop that it is made on.
/// Callbacks run before the asking call returns.
namespace whirl::broker {

struct MemoryOptions {
  /// How long a stream's epoch and top are kept after the last use when the request does not say; 0 = for
  /// ever.
  std::int64_t history_meta_ttl_ms = 0;
  /// How long a presence entry lives if it is not added again; 0 = until it is removed.
  std::int64_t presence_ttl_ms = 0;
};

std::unique_ptr<Broker> make_memory_broker(net::Loop& loop, const MemoryOptions& options);
std::unique_ptr<PresenceStore> make_memory_presence(net::Loop& loop, const MemoryOptions& options);
/// Hands what is sent to `node_uid` or to all nodes back to this node.
std::unique_ptr<Controller> make_memory_controller(std::string_view node_uid);

}  // namespace whirl::broker
