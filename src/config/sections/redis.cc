#include "config/sections/redis.h"

#include "config/table.h"

namespace whirl::config {

const Table& RedisReplicaClient::table() {
  static const Row<RedisReplicaClient> rows[] = {
      {"enabled", &RedisReplicaClient::enabled,
       "Reads history and presence from replicas where that is safe."},
  };
  static const Table table("RedisReplicaClient", rows);
  return table;
}

const Table& Redis::table() {
  static const Row<Redis> rows[] = {
      {"address", &Redis::address,
       "Addresses; several make independent shards, unless Sentinel or Cluster is configured.", kUrl},
      {"connect_timeout", &Redis::connect_timeout, "Longest time to connect."},
      {"io_timeout", &Redis::io_timeout, "Longest time to wait for an answer."},
      {"db", &Redis::db, "Number of the database."},
      {"user", &Redis::user, "User name for authentication by ACL."},
      {"password", &Redis::password, "Password.", kSecret},
      {"client_name", &Redis::client_name, "Name that connections introduce themselves with."},
      {"force_resp2", &Redis::force_resp2,
       "Speaks version 2 of the protocol even if the server knows version 3."},
      {"cluster_address", &Redis::cluster_address,
       "Seed addresses of a Redis Cluster; an item may list several, separated by commas.", kUrl},
      {"tls", &Redis::tls, "TLS to Redis."},
      {"sentinel_address", &Redis::sentinel_address,
       "Addresses of Sentinels; an item may list several, separated by commas.", kUrl},
      {"sentinel_user", &Redis::sentinel_user, "User name for the Sentinels."},
      {"sentinel_password", &Redis::sentinel_password, "Password for the Sentinels.", kSecret},
      {"sentinel_master_name", &Redis::sentinel_master_name, "Name of the master that the Sentinels watch."},
      {"sentinel_client_name", &Redis::sentinel_client_name,
       "Name that connections to Sentinels introduce themselves with."},
      {"sentinel_tls", &Redis::sentinel_tls, "TLS to the Sentinels."},
      {"replica_client", &Redis::replica_client, "Reading from replicas."},
  };
  static const Table table("Redis", rows);
  return table;
}

const Table& RedisPrefixed::table() {
  static const Row<RedisPrefixed> rows[] = {
      {"prefix", &RedisPrefixed::prefix, "What the names of all keys and channels start with."},
      Base<Redis>{},
  };
  static const Table table("RedisPrefixed", rows);
  return table;
}

}  // namespace whirl::config
