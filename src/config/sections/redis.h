#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Reading from replicas.
struct RedisReplicaClient {
  bool enabled = false;

  static const Table& table();
};

/// A connection to Redis: single, sharded, Cluster or Sentinel.
struct Redis {
  std::vector<std::string> address = {"redis://127.0.0.1:6379"};
  Duration connect_timeout = Duration::seconds(1);
  Duration io_timeout = Duration::seconds(4);
  std::int64_t db = 0;
  std::string user;
  std::string password;
  std::string client_name;
  bool force_resp2 = false;
  std::vector<std::string> cluster_address;
  TLSConfig tls;
  std::vector<std::string> sentinel_address;
  std::string sentinel_user;
  std::string sentinel_password;
  std::string sentinel_master_name;
  std::string sentinel_client_name;
  TLSConfig sentinel_tls;
  RedisReplicaClient replica_client;

  static const Table& table();
};

/// Redis with a prefix for all keys and channels.
struct RedisPrefixed : Redis {
  std::string prefix = "centrifugo";

  static const Table& table();
};

}  // namespace whirl::config
