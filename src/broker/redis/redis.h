#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/broker.h"
#include "broker/health.h"
#include "driver/redis/options.h"

namespace whirl::metrics {
struct Broker;
}
namespace whirl::net {
class Loop;
}

/// The engine that keeps everything in Redis, so that many nodes share it; Centrifugo's nodes among them.
namespace whirl::broker::redis {

struct Shards;
using ShardsPtr = std::shared_ptr<Shards>;

struct Options {
  std::string name{};  ///< of one of several brokers, for metrics and people
  std::vector<driver::redis::ShardOptions> shards{};
  std::string prefix = "centrifugo";
  bool history_use_lists = false;
  int sharded_pub_sub_partitions = 0;    ///< in a Cluster; 0: no sharded PUB/SUB
  std::int64_t history_meta_ttl_ms = 0;  ///< where the request does not say; 0 = for ever
  std::int64_t presence_ttl_ms = 60'000;
  bool presence_hash_field_ttl = false;
  bool presence_user_mapping = false;
};

/// The connections of a loop, to be shared by the parts that follow.
ShardsPtr make_shards(net::Loop& loop, const Options& options);

std::unique_ptr<Broker> make_broker(ShardsPtr shards, const Options& options, Health& health,
                                    metrics::Broker& metrics);
std::unique_ptr<PresenceStore> make_presence(ShardsPtr shards, const Options& options, Health& health);
std::unique_ptr<Controller> make_controller(ShardsPtr shards, const Options& options,
                                            std::string_view node_uid, Health& health,
                                            metrics::Broker& metrics);

}  // namespace whirl::broker::redis
