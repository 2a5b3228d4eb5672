#include "config/sections/engine.h"

#include "config/table.h"

namespace whirl::config {

const Table& RedisBrokerCommon::table() {
  static const Row<RedisBrokerCommon> rows[] = {
      {"history_use_lists", &RedisBrokerCommon::history_use_lists,
       "Keeps history in lists rather than streams; without pagination, idempotency and reverse order."},
      {"sharded_pub_sub_partitions", &RedisBrokerCommon::sharded_pub_sub_partitions,
       "Into so many parts channels are divided for sharded PUB/SUB in a Redis Cluster; 0: not used.", kOwn},
  };
  static const Table table("RedisBrokerCommon", rows);
  return table;
}

const Table& RedisPresenceManagerCommon::table() {
  static const Row<RedisPresenceManagerCommon> rows[] = {
      {"presence_ttl", &RedisPresenceManagerCommon::presence_ttl,
       "How long an entry stays without being refreshed."},
      {"presence_hash_field_ttl", &RedisPresenceManagerCommon::presence_hash_field_ttl,
       "Lets Redis expire single entries (Redis 7.4 or newer)."},
      {"presence_user_mapping", &RedisPresenceManagerCommon::presence_user_mapping,
       "Keeps a hash of users too, so that presence stats are cheap."},
  };
  static const Table table("RedisPresenceManagerCommon", rows);
  return table;
}

const Table& RedisBroker::table() {
  static const Row<RedisBroker> rows[] = {
      Base<RedisPrefixed>{},
      Base<RedisBrokerCommon>{},
  };
  static const Table table("RedisBroker", rows);
  return table;
}

const Table& RedisPresenceManager::table() {
  static const Row<RedisPresenceManager> rows[] = {
      Base<RedisPrefixed>{},
      Base<RedisPresenceManagerCommon>{},
  };
  static const Table table("RedisPresenceManager", rows);
  return table;
}

const Table& RedisEngine::table() {
  static const Row<RedisEngine> rows[] = {
      Base<RedisPrefixed>{},
      Base<RedisBrokerCommon>{},
      Base<RedisPresenceManagerCommon>{},
  };
  static const Table table("RedisEngine", rows);
  return table;
}

const Table& RedisNatsBroker::table() {
  static const Row<RedisNatsBroker> rows[] = {
      {"redis", &RedisNatsBroker::redis, "The Redis of it."},
      {"nats", &RedisNatsBroker::nats, "The NATS of it."},
  };
  static const Table table("RedisNatsBroker", rows);
  return table;
}

const Table& Engine::table() {
  static const Row<Engine> rows[] = {
      {"type", &Engine::type, "Kind of engine: `memory` or `redis`."},
      {"redis", &Engine::redis, "The engine `redis`."},
  };
  static const Table table("Engine", rows);
  return table;
}

const Table& Broker::table() {
  static const Row<Broker> rows[] = {
      {"enabled", &Broker::enabled, "Uses this broker instead of the engine's."},
      {"type", &Broker::type, "Kind of broker: `memory`, `redis`, `nats` or `postgres`."},
      {"redis", &Broker::redis, "The broker `redis`."},
      {"nats", &Broker::nats, "The broker `nats`; no history, no recovery, no cache."},
      {"postgres", &Broker::postgres, "The broker `postgres`."},
      {"redisnats", &Broker::redisnats, "Publications through NATS, history in Redis. Unreleased.", kHidden},
  };
  static const Table table("Broker", rows);
  return table;
}

const Table& PresenceManager::table() {
  static const Row<PresenceManager> rows[] = {
      {"enabled", &PresenceManager::enabled, "Uses this presence manager instead of the engine's."},
      {"type", &PresenceManager::type, "Kind of presence manager: `memory` or `redis`."},
      {"redis", &PresenceManager::redis, "The presence manager `redis`."},
  };
  static const Table table("PresenceManager", rows);
  return table;
}

const Table& NamedBroker::table() {
  static const Row<NamedBroker> rows[] = {
      {"name", &NamedBroker::name, "The name that namespaces use: letters, digits and `-_.`."},
      Base<Broker>{},
  };
  static const Table table("NamedBroker", rows);
  return table;
}

const Table& NamedPresenceManager::table() {
  static const Row<NamedPresenceManager> rows[] = {
      {"name", &NamedPresenceManager::name, "The name that namespaces use: letters, digits and `-_.`."},
      Base<PresenceManager>{},
  };
  static const Table table("NamedPresenceManager", rows);
  return table;
}

const Table& RedisMapBrokerCommon::table() {
  static const Row<RedisMapBrokerCommon> rows[] = {
      {"cleanup_interval", &RedisMapBrokerCommon::cleanup_interval,
       "How often expired keys are removed and told to subscribers; `-1s` means never."},
      {"cleanup_batch_size", &RedisMapBrokerCommon::cleanup_batch_size,
       "Most keys removed from a channel at a time."},
      {"idempotent_result_ttl", &RedisMapBrokerCommon::idempotent_result_ttl,
       "How long results of idempotent publications are remembered."},
      {"skip_pub_sub", &RedisMapBrokerCommon::skip_pub_sub,
       "Only stores state, and does not send it to subscribers."},
  };
  static const Table table("RedisMapBrokerCommon", rows);
  return table;
}

const Table& RedisMapBroker::table() {
  static const Row<RedisMapBroker> rows[] = {
      Base<RedisPrefixed>{},
      Base<RedisMapBrokerCommon>{},
  };
  static const Table table("RedisMapBroker", rows);
  return table;
}

const Table& MapBroker::table() {
  static const Row<MapBroker> rows[] = {
      {"type", &MapBroker::type, "Kind of map broker: `memory`, `redis` or `postgres`."},
      {"redis", &MapBroker::redis, "The map broker `redis`."},
      {"postgres", &MapBroker::postgres, "The map broker `postgres`."},
  };
  static const Table table("MapBroker", rows);
  return table;
}

const Table& Controller::table() {
  static const Row<Controller> rows[] = {
      {"enabled", &Controller::enabled, "Uses this controller instead of the broker's."},
      {"type", &Controller::type, "Kind of controller: `postgres`."},
      {"postgres", &Controller::postgres, "The controller `postgres`."},
  };
  static const Table table("Controller", rows);
  return table;
}

}  // namespace whirl::config
