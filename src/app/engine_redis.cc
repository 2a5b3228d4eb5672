#include <algorithm>
#include <map>

#include "app/engine.h"
#include "base/log.h"
#include "broker/redis/redis.h"

namespace whirl::app {
namespace {

namespace redis = broker::redis;

/// The connections that each loop has; the broker, presence and controller of one section share them.
class SharedShards {
 public:
  explicit SharedShards(redis::Options options) : options_(std::move(options)) {}

  const redis::Options& options() const { return options_; }
  redis::ShardsPtr on(net::Loop& loop) {
    auto& shards = loops_[&loop];
    if (auto there = shards.lock()) return there;
    auto made = redis::make_shards(loop, options_);
    shards = made;
    return made;
  }

 private:
  redis::Options options_;
  std::map<net::Loop*, std::weak_ptr<redis::Shards>> loops_;
};

/// Each is a connection of each loop.
constexpr std::int64_t kMaxPartitions = 4096;

template <class Section>
Result<redis::Options> options_of(const Section& section, const config::Config& config,
                                  std::string_view path) {
  auto shards = driver::redis::shards_of(section, path);
  if (!shards) return tl::unexpected(std::move(shards.error()));
  redis::Options options;
  options.shards = std::move(*shards);
  options.prefix = section.prefix;
  options.history_meta_ttl_ms = config.channel.history_meta_ttl.ms();
  if constexpr (requires { section.history_use_lists; }) {
    options.history_use_lists = section.history_use_lists;
    if (section.sharded_pub_sub_partitions < 0 || section.sharded_pub_sub_partitions > kMaxPartitions) {
      return fail("{}.sharded_pub_sub_partitions must be from 0 to {}", path, kMaxPartitions);
    }
    options.sharded_pub_sub_partitions = static_cast<int>(section.sharded_pub_sub_partitions);
    auto is_cluster = [](const auto& shard) { return shard.mode == driver::redis::Mode::cluster; };
    if (options.sharded_pub_sub_partitions > 0 && std::ranges::none_of(options.shards, is_cluster)) {
      return fail("{}.sharded_pub_sub_partitions needs a Redis Cluster: only that has sharded PUB/SUB", path);
    }
  }
  bool replicas_help = false;
  if constexpr (requires { section.presence_ttl; }) {
    replicas_help = section.presence_hash_field_ttl;
    options.presence_ttl_ms = section.presence_ttl.ms() > 0 ? section.presence_ttl.ms() : 60'000;
    options.presence_hash_field_ttl = section.presence_hash_field_ttl;
    options.presence_user_mapping = section.presence_user_mapping;
  }
  if (section.replica_client.enabled && !replicas_help) {
    log::warn(
        "replica_client has nothing to read: replicas answer for presence only, and that with "
        "presence_hash_field_ttl",
        {{"section", path}});
  }
  return options;
}

using Shared = std::shared_ptr<SharedShards>;

Result<Shared> shared_of(Result<redis::Options> options) {
  if (!options) return tl::unexpected(std::move(options.error()));
  return std::make_shared<SharedShards>(std::move(*options));
}

template <class Section>
Result<redis::Options> options_of(const EnginePart<Section>& part, const config::Config& config) {
  const std::string path = part.path + ".redis";
  auto options = part.section ? options_of(part.section->redis, config, path)
                              : options_of(config.engine.redis, config, path);
  if (options) options->name = part.name;
  return options;
}

Result<BrokerFactory> broker_factory(const EngineContext& context, const BrokerPart& part) {
  auto shared = shared_of(options_of(part, context.config));
  if (!shared) return tl::unexpected(std::move(shared.error()));
  return [shared = *shared, metrics = context.metrics, &health = context.health](net::Loop& loop) {
    return redis::make_broker(shared->on(loop), shared->options(), health, metrics(loop.index()).broker);
  };
}

Result<PresenceFactory> presence_factory(const EngineContext& context, const PresencePart& part) {
  auto shared = shared_of(options_of(part, context.config));
  if (!shared) return tl::unexpected(std::move(shared.error()));
  return [shared = *shared, &health = context.health](net::Loop& loop) {
    return redis::make_presence(shared->on(loop), shared->options(), health);
  };
}

Result<ControllerFactory> controller_factory(const EngineContext& context, const BrokerPart& part) {
  auto shared = shared_of(options_of(part, context.config));
  if (!shared) return tl::unexpected(std::move(shared.error()));
  return [shared = *shared, metrics = context.metrics, &health = context.health](net::Loop& loop,
                                                                                 std::string_view node_uid) {
    return redis::make_controller(shared->on(loop), shared->options(), node_uid, health,
                                  metrics(loop.index()).broker);
  };
}

template <class Section>
Result<> check(const config::Config& config, const EnginePart<Section>& part) {
  auto options = options_of(part, config);
  if (!options) return tl::unexpected(std::move(options.error()));
  return {};
}

}  // namespace

const EngineKind kRedisEngine{"redis",
                              broker_factory,
                              presence_factory,
                              controller_factory,
                              nullptr,
                              check<config::Broker>,
                              check<config::PresenceManager>};

}  // namespace whirl::app
