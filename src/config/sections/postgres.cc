#include "config/sections/postgres.h"

#include "config/table.h"

namespace whirl::config {

const Table& PostgresMapBrokerOutbox::table() {
  static const Row<PostgresMapBrokerOutbox> rows[] = {
      {"poll_interval", &PostgresMapBrokerOutbox::poll_interval, "How often the outbox is looked at."},
      {"batch_size", &PostgresMapBrokerOutbox::batch_size, "Most rows taken at a time."},
  };
  static const Table table("PostgresMapBrokerOutbox", rows);
  return table;
}

const Table& PostgresMapBroker::table() {
  static const Row<PostgresMapBroker> rows[] = {
      {"dsn", &PostgresMapBroker::dsn,
       "Connection string, such as `postgres://user:password@host:5432/database`.", kUrl},
      {"tls", &PostgresMapBroker::tls, "TLS to PostgreSQL, if it is not in the connection string."},
      {"pool_size", &PostgresMapBroker::pool_size, "Most connections at a time."},
      {"num_shards", &PostgresMapBroker::num_shards,
       "Number of shards that channels are spread over and that are delivered in parallel."},
      {"ttl_check_interval", &PostgresMapBroker::ttl_check_interval,
       "How often expired keys are looked for."},
      {"cleanup_interval", &PostgresMapBroker::cleanup_interval, "How often expired rows are deleted."},
      {"idempotent_result_ttl", &PostgresMapBroker::idempotent_result_ttl,
       "How long results of idempotent publications are remembered."},
      {"binary_data", &PostgresMapBroker::binary_data,
       "Keeps payloads as bytes rather than as JSON; for payloads that are not JSON."},
      {"stream_retention", &PostgresMapBroker::stream_retention, "How long rows of the stream are kept."},
      {"use_notify", &PostgresMapBroker::use_notify,
       "Wakes up by `LISTEN`/`NOTIFY` instead of polling alone."},
      {"notify_dsn", &PostgresMapBroker::notify_dsn,
       "Connection string for `LISTEN`, if `dsn` leads to a pooler that does not support it.", kUrl},
      {"table_prefix", &PostgresMapBroker::table_prefix, "What the names of all tables start with."},
      {"skip_schema_init", &PostgresMapBroker::skip_schema_init,
       "Does not create or change tables on start."},
      {"outbox", &PostgresMapBroker::outbox, "How the outbox is polled."},
      {"partition_lookahead_days", &PostgresMapBroker::partition_lookahead_days,
       "How many days ahead partitions are created."},
      {"partition_retention_days", &PostgresMapBroker::partition_retention_days,
       "After how many days partitions are dropped."},
  };
  static const Table table("PostgresMapBroker", rows);
  return table;
}

const Table& PostgresStreamBroker::table() {
  static const Row<PostgresStreamBroker> rows[] = {
      {"dsn", &PostgresStreamBroker::dsn,
       "Connection string, such as `postgres://user:password@host:5432/database`.", kUrl},
      {"tls", &PostgresStreamBroker::tls, "TLS to PostgreSQL, if it is not in the connection string."},
      {"pool_size", &PostgresStreamBroker::pool_size, "Most connections at a time."},
      {"num_shards", &PostgresStreamBroker::num_shards,
       "Number of shards that channels are spread over and that are delivered in parallel."},
      {"cleanup_interval", &PostgresStreamBroker::cleanup_interval, "How often expired rows are deleted."},
      {"idempotent_result_ttl", &PostgresStreamBroker::idempotent_result_ttl,
       "How long results of idempotent publications are remembered."},
      {"binary_data", &PostgresStreamBroker::binary_data,
       "Keeps payloads as bytes rather than as JSON; for payloads that are not JSON."},
      {"stream_retention", &PostgresStreamBroker::stream_retention, "How long rows of the stream are kept."},
      {"use_notify", &PostgresStreamBroker::use_notify,
       "Wakes up by `LISTEN`/`NOTIFY` instead of polling alone."},
      {"notify_dsn", &PostgresStreamBroker::notify_dsn,
       "Connection string for `LISTEN`, if `dsn` leads to a pooler that does not support it.", kUrl},
      {"table_prefix", &PostgresStreamBroker::table_prefix, "What the names of all tables start with."},
      {"skip_schema_init", &PostgresStreamBroker::skip_schema_init,
       "Does not create or change tables on start."},
      {"outbox", &PostgresStreamBroker::outbox, "How the outbox is polled."},
      {"partition_lookahead_days", &PostgresStreamBroker::partition_lookahead_days,
       "How many days ahead partitions are created."},
      {"partition_retention_days", &PostgresStreamBroker::partition_retention_days,
       "After how many days partitions are dropped."},
  };
  static const Table table("PostgresStreamBroker", rows);
  return table;
}

const Table& PostgresController::table() {
  static const Row<PostgresController> rows[] = {
      {"dsn", &PostgresController::dsn,
       "Connection string, such as `postgres://user:password@host:5432/database`.", kUrl},
      {"tls", &PostgresController::tls, "TLS to PostgreSQL, if it is not in the connection string."},
      {"pool_size", &PostgresController::pool_size, "Most connections at a time."},
      {"num_shards", &PostgresController::num_shards,
       "Number of shards that messages are delivered through in parallel."},
      {"table_prefix", &PostgresController::table_prefix, "What the names of all tables start with."},
      {"poll_interval", &PostgresController::poll_interval,
       "How often messages of other nodes are looked for."},
      {"use_notify", &PostgresController::use_notify,
       "Wakes up by `LISTEN`/`NOTIFY` instead of polling alone."},
      {"notify_dsn", &PostgresController::notify_dsn,
       "Connection string for `LISTEN`, if `dsn` leads to a pooler that does not support it.", kUrl},
      {"partition_retention_days", &PostgresController::partition_retention_days,
       "After how many days partitions are dropped."},
      {"partition_lookahead_days", &PostgresController::partition_lookahead_days,
       "How many days ahead partitions are created."},
      {"partition_cleanup_interval", &PostgresController::partition_cleanup_interval,
       "How often old partitions are looked for."},
      {"batch_size", &PostgresController::batch_size, "Most messages taken at a time."},
      {"skip_schema_init", &PostgresController::skip_schema_init,
       "Does not create or change tables on start."},
  };
  static const Table table("PostgresController", rows);
  return table;
}

}  // namespace whirl::config
