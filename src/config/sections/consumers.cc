#include "config/sections/consumers.h"

#include "config/table.h"

namespace whirl::config {

const Table& Consumer::table() {
  static const Row<Consumer> rows[] = {
      {"name", &Consumer::name, "Name, unique: at least two letters, digits or `_`."},
      {"enabled", &Consumer::enabled, "Turns the consumer on."},
      {"type", &Consumer::type,
       "Kind of source: `postgresql`, `kafka`, `nats_jetstream`, `redis_stream`, `google_pub_sub`, `aws_sqs` "
       "or `azure_service_bus`."},
      {"postgresql", &Consumer::postgresql, "An outbox table in PostgreSQL."},
      {"kafka", &Consumer::kafka, "Kafka."},
      {"nats_jetstream", &Consumer::nats_jetstream, "NATS JetStream."},
      {"redis_stream", &Consumer::redis_stream, "Redis streams."},
      {"google_pub_sub", &Consumer::google_pub_sub, "Google Cloud Pub/Sub."},
      {"aws_sqs", &Consumer::aws_sqs, "AWS SQS."},
      {"azure_service_bus", &Consumer::azure_service_bus, "Azure Service Bus."},
  };
  static const Table table("Consumer", rows);
  return table;
}

}  // namespace whirl::config
