#pragma once
#include <cstdint>
#include <string>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Commands taken from an outbox table in PostgreSQL.
struct PostgresConsumerConfig {
  std::string dsn;
  std::string outbox_table_name;
  std::int64_t num_partitions = 1;
  std::int64_t partition_select_limit = 100;
  Duration partition_poll_interval = Duration::milliseconds(300);
  std::string partition_notification_channel;
  std::string partition_notification_dsn;
  TLSConfig tls;
  bool use_try_lock = false;

  static const Table& table();
};

}  // namespace whirl::config
