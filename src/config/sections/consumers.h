#pragma once
#include <string>

#include "config/sections/consumer_cloud.h"
#include "config/sections/consumer_kafka.h"
#include "config/sections/consumer_postgres.h"
#include "config/sections/consumer_streams.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// One source of commands; only the section named by its type is used.
struct Consumer {
  std::string name;
  bool enabled = false;
  std::string type;
  PostgresConsumerConfig postgresql;
  KafkaConsumerConfig kafka;
  NatsJetStreamConsumerConfig nats_jetstream;
  RedisStreamConsumerConfig redis_stream;
  GooglePubSubConsumerConfig google_pub_sub;
  AwsSqsConsumerConfig aws_sqs;
  AzureServiceBusConsumerConfig azure_service_bus;

  static const Table& table();
};

}  // namespace whirl::config
