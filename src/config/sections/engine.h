#pragma once
#include <cstdint>
#include <string>

#include "config/duration.h"
#include "config/sections/nats.h"
#include "config/sections/postgres.h"
#include "config/sections/redis.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// How history is stored in Redis.
struct RedisBrokerCommon {
  bool history_use_lists = false;
  std::int64_t sharded_pub_sub_partitions = 0;

  static const Table& table();
};

/// How presence is stored in Redis.
struct RedisPresenceManagerCommon {
  Duration presence_ttl = Duration::minutes(1);
  bool presence_hash_field_ttl = false;
  bool presence_user_mapping = false;

  static const Table& table();
};

/// A Redis of its own for publications and history.
struct RedisBroker : RedisPrefixed, RedisBrokerCommon {
  static const Table& table();
};

/// A Redis of its own for presence.
struct RedisPresenceManager : RedisPrefixed, RedisPresenceManagerCommon {
  static const Table& table();
};

/// One Redis for publications, history and presence.
struct RedisEngine : RedisPrefixed, RedisBrokerCommon, RedisPresenceManagerCommon {
  static const Table& table();
};

/// Publications through NATS, history in Redis; not part of any release.
struct RedisNatsBroker {
  RedisBroker redis;
  NatsBroker nats;

  static const Table& table();
};

/// Where channels live, unless broker or presence_manager say otherwise.
struct Engine {
  std::string type = "memory";
  RedisEngine redis;

  static const Table& table();
};

/// Who carries publications and keeps history, if not the engine.
struct Broker {
  bool enabled = false;
  std::string type = "memory";
  RedisBroker redis;
  NatsBroker nats;
  PostgresStreamBroker postgres;
  RedisNatsBroker redisnats;

  static const Table& table();
};

/// Who keeps presence, if not the engine.
struct PresenceManager {
  bool enabled = false;
  std::string type = "memory";
  RedisPresenceManager redis;

  static const Table& table();
};

/// A broker that namespaces refer to by its name.
struct NamedBroker : Broker {
  std::string name;

  static const Table& table();
};

/// A presence manager that namespaces refer to by its name.
struct NamedPresenceManager : PresenceManager {
  std::string name;

  static const Table& table();
};

/// How map channels are stored in Redis.
struct RedisMapBrokerCommon {
  Duration cleanup_interval = Duration::seconds(1);
  std::int64_t cleanup_batch_size = 100;
  Duration idempotent_result_ttl = Duration::minutes(5);
  bool skip_pub_sub = false;

  static const Table& table();
};

/// Map channels kept in Redis.
struct RedisMapBroker : RedisPrefixed, RedisMapBrokerCommon {
  static const Table& table();
};

/// Who keeps the state of map channels.
struct MapBroker {
  std::string type = "memory";
  RedisMapBroker redis;
  PostgresMapBroker postgres;

  static const Table& table();
};

/// How nodes talk to each other, if not through the broker.
struct Controller {
  bool enabled = false;
  std::string type;
  PostgresController postgres;

  static const Table& table();
};

}  // namespace whirl::config
