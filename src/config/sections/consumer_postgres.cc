#include "config/sections/consumer_postgres.h"

#include "config/table.h"

namespace whirl::config {

const Table& PostgresConsumerConfig::table() {
  static const Row<PostgresConsumerConfig> rows[] = {
      {"dsn", &PostgresConsumerConfig::dsn,
       "Connection string, such as `postgres://user:password@host:5432/database`.", kUrl},
      {"outbox_table_name", &PostgresConsumerConfig::outbox_table_name, "Name of the outbox table."},
      {"num_partitions", &PostgresConsumerConfig::num_partitions,
       "Number of partitions that are consumed in parallel."},
      {"partition_select_limit", &PostgresConsumerConfig::partition_select_limit,
       "Most rows taken from a partition at a time."},
      {"partition_poll_interval", &PostgresConsumerConfig::partition_poll_interval,
       "How often each partition is looked at."},
      {"partition_notification_channel", &PostgresConsumerConfig::partition_notification_channel,
       "Channel to `LISTEN` on, so that new rows are seen at once."},
      {"partition_notification_dsn", &PostgresConsumerConfig::partition_notification_dsn,
       "Connection string for `LISTEN`, if `dsn` leads to a pooler that does not support it.", kUrl},
      {"tls", &PostgresConsumerConfig::tls, "TLS to PostgreSQL."},
      {"use_try_lock", &PostgresConsumerConfig::use_try_lock,
       "Skips a partition that another node works on, instead of waiting for it."},
  };
  static const Table table("PostgresConsumerConfig", rows);
  return table;
}

}  // namespace whirl::config
