#pragma once
#include <cstdint>
#include <string>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// How the outbox table is polled.
struct PostgresMapBrokerOutbox {
  Duration poll_interval = Duration::milliseconds(100);
  std::int64_t batch_size = 1000;

  static const Table& table();
};

/// Map channels kept in PostgreSQL.
struct PostgresMapBroker {
  std::string dsn;
  TLSConfig tls;
  std::int64_t pool_size = 16;
  std::int64_t num_shards = 8;
  Duration ttl_check_interval = Duration::seconds(1);
  Duration cleanup_interval = Duration::minutes(1);
  Duration idempotent_result_ttl = Duration::minutes(5);
  bool binary_data = false;
  Duration stream_retention = Duration::hours(24);
  bool use_notify = false;
  std::string notify_dsn;
  std::string table_prefix = "cf";
  bool skip_schema_init = false;
  PostgresMapBrokerOutbox outbox;
  std::int64_t partition_lookahead_days = 2;
  std::int64_t partition_retention_days = 7;

  static const Table& table();
};

/// Stream channels kept in PostgreSQL.
struct PostgresStreamBroker {
  std::string dsn;
  TLSConfig tls;
  std::int64_t pool_size = 16;
  std::int64_t num_shards = 8;
  Duration cleanup_interval = Duration::minutes(1);
  Duration idempotent_result_ttl = Duration::minutes(5);
  bool binary_data = false;
  Duration stream_retention = Duration::hours(24);
  bool use_notify = false;
  std::string notify_dsn;
  std::string table_prefix = "cf";
  bool skip_schema_init = false;
  PostgresMapBrokerOutbox outbox;
  std::int64_t partition_lookahead_days = 2;
  std::int64_t partition_retention_days = 7;

  static const Table& table();
};

/// Messages between nodes through PostgreSQL.
struct PostgresController {
  std::string dsn;
  TLSConfig tls;
  std::int64_t pool_size = 8;
  std::int64_t num_shards = 1;
  std::string table_prefix = "cf";
  Duration poll_interval = Duration::milliseconds(50);
  bool use_notify = false;
  std::string notify_dsn;
  std::int64_t partition_retention_days = 1;
  std::int64_t partition_lookahead_days = 2;
  Duration partition_cleanup_interval = Duration::minutes(1);
  std::int64_t batch_size = 1000;
  bool skip_schema_init = false;

  static const Table& table();
};

}  // namespace whirl::config
