#include "metrics/broker.h"

namespace whirl::metrics {
namespace {

constexpr Description kSuppressed{"centrifugo_broker_publish_suppressed_count",
                                  Kind::counter,
                                  "Publications that were known already, by idempotency key or version.",
                                  {"reason", "channel_namespace"}};
constexpr Description kRedisErrors{"centrifugo_broker_redis_pub_sub_errors",
                                   Kind::counter,
                                   "Failures of Redis PUB/SUB connections.",
                                   {"broker_name", "error"}};
constexpr Description kRedisDropped{"centrifugo_broker_redis_pub_sub_dropped_messages",
                                    Kind::counter,
                                    "Messages from Redis PUB/SUB that did not fit the queue.",
                                    {"broker_name", "channel_type"}};
constexpr Description kMapRedisDropped{
    "centrifugo_map_broker_redis_pub_sub_dropped_messages",
    Kind::counter,
    "Messages of map channels from Redis PUB/SUB that did not fit the queue.",
    {"broker_name", "channel_type"}};
constexpr Description kNatsDropped{"centrifugo_broker_nats_pub_sub_dropped_messages",
                                   Kind::counter,
                                   "Messages from NATS that did not fit the queue.",
                                   {"channel_type"}};

}  // namespace

Broker::Broker(Registry& registry)
    : publish_suppressed(registry, kSuppressed),
      redis_pub_sub_errors(registry, kRedisErrors),
      redis_pub_sub_dropped(registry, kRedisDropped),
      map_redis_pub_sub_dropped(registry, kMapRedisDropped),
      nats_dropped(registry, kNatsDropped) {
  redis_pub_sub_dropped.with("", "control");
  redis_pub_sub_dropped.with("", "client");
  map_redis_pub_sub_dropped.with("", "client");
}

}  // namespace whirl::metrics
