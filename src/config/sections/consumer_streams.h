#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/redis.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Redis stream entries that are publications rather than API commands.
struct RedisStreamPublicationDataModeConfig {
  bool enabled = false;
  std::string channels_value = "centrifugo-channels";
  std::string idempotency_key_value = "centrifugo-idempotency-key";
  std::string delta_value = "centrifugo-delta";
  std::string version_value = "centrifugo-version";
  std::string version_epoch_value = "centrifugo-version-epoch";
  std::string tags_value_prefix = "centrifugo-tag-";

  static const Table& table();
};

/// Commands taken from Redis streams.
struct RedisStreamConsumerConfig : Redis {
  std::vector<std::string> streams;
  std::string consumer_group;
  Duration visibility_timeout = Duration::seconds(30);
  std::int64_t num_workers = 1;
  std::string payload_value = "payload";
  std::string method_value = "method";
  RedisStreamPublicationDataModeConfig publication_data_mode;

  static const Table& table();
};

/// JetStream messages that are publications rather than API commands.
struct NatsJetStreamPublicationDataModeConfig {
  bool enabled = false;
  std::string channels_header = "centrifugo-channels";
  std::string idempotency_key_header = "centrifugo-idempotency-key";
  std::string delta_header = "centrifugo-delta";
  std::string version_header = "centrifugo-version";
  std::string version_epoch_header = "centrifugo-version-epoch";
  std::string tags_header_prefix = "centrifugo-tag-";

  static const Table& table();
};

/// Commands taken from NATS JetStream.
struct NatsJetStreamConsumerConfig {
  std::string url = "nats://127.0.0.1:4222";
  std::string credentials_file;
  std::string username;
  std::string password;
  std::string token;
  std::string stream_name;
  bool use_existing_consumer = false;
  std::vector<std::string> subjects;
  std::string durable_consumer_name;
  std::string deliver_policy = "new";
  std::int64_t max_ack_pending = 100;
  std::string method_header = "centrifugo-method";
  NatsJetStreamPublicationDataModeConfig publication_data_mode;
  TLSConfig tls;

  static const Table& table();
};

}  // namespace whirl::config
