#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// What brokers count; of the Redis broker, broker_name is empty for the one that the engine names.
struct Broker {
  explicit Broker(Registry& registry);

  Family<Counter, 2> publish_suppressed;         // reason ("idempotency", "version"), channel_namespace
  Family<Counter, 2> redis_pub_sub_errors;       // broker_name, error
  Family<Counter, 2> redis_pub_sub_dropped;      // broker_name, channel_type ("client", "control")
  Family<Counter, 2> map_redis_pub_sub_dropped;  // the same, of map channels
  Family<Counter, 1> nats_dropped;               // channel_type
};

}  // namespace whirl::metrics
