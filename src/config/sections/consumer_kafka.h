#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Kafka messages that are publications rather than API commands.
struct KafkaPublicationDataModeConfig {
  bool enabled = false;
  std::string channels_header = "centrifugo-channels";
  std::string idempotency_key_header = "centrifugo-idempotency-key";
  std::string delta_header = "centrifugo-delta";
  std::string version_header = "centrifugo-version";
  std::string version_epoch_header = "centrifugo-version-epoch";
  std::string tags_header_prefix = "centrifugo-tag-";

  static const Table& table();
};

/// Commands taken from Kafka topics.
struct KafkaConsumerConfig {
  std::vector<std::string> brokers;
  std::vector<std::string> topics;
  std::string consumer_group;
  std::int64_t max_poll_records = 100;
  std::int32_t fetch_max_bytes = 0;
  Duration fetch_max_wait = Duration::milliseconds(500);
  bool fetch_read_uncommitted = false;
  std::int64_t partition_queue_max_size = 1000;
  Duration dial_timeout = Duration::seconds(3);
  TLSConfig tls;
  std::string sasl_mechanism;
  std::string sasl_user;
  std::string sasl_password;
  std::string assume_role_arn;
  std::string instance_id;
  std::string method_header = "centrifugo-method";
  KafkaPublicationDataModeConfig publication_data_mode;

  static const Table& table();
};

}  // namespace whirl::config
