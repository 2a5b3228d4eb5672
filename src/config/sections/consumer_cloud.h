#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Pub/Sub messages that are publications rather than API commands.
struct GooglePubSubPublicationDataModeConfig {
  bool enabled = false;
  std::string channels_attribute = "centrifugo-channels";
  std::string idempotency_key_attribute = "centrifugo-idempotency-key";
  std::string delta_attribute = "centrifugo-delta";
  std::string version_attribute = "centrifugo-version";
  std::string version_epoch_attribute = "centrifugo-version-epoch";
  std::string tags_attribute_prefix = "centrifugo-tag-";

  static const Table& table();
};

/// Commands taken from Google Cloud Pub/Sub.
struct GooglePubSubConsumerConfig {
  std::string project_id;
  std::vector<std::string> subscriptions;
  std::int64_t max_outstanding_messages = 100;
  std::int64_t max_outstanding_bytes = 1000000;
  std::string auth_mechanism;
  std::string credentials_file;
  std::string method_attribute = "centrifugo-method";
  GooglePubSubPublicationDataModeConfig publication_data_mode;

  static const Table& table();
};

/// SQS messages that are publications rather than API commands.
struct AWSPublicationDataModeConfig {
  bool enabled = false;
  std::string channels_attribute = "centrifugo-channels";
  std::string idempotency_key_attribute = "centrifugo-idempotency-key";
  std::string delta_attribute = "centrifugo-delta";
  std::string version_attribute = "centrifugo-version";
  std::string version_epoch_attribute = "centrifugo-version-epoch";
  std::string tags_attribute_prefix = "centrifugo-tag-";

  static const Table& table();
};

/// Commands taken from AWS SQS.
struct AwsSqsConsumerConfig {
  std::vector<std::string> queues;
  bool sns_envelope = false;
  std::string region;
  std::int32_t max_number_of_messages = 10;
  Duration wait_time_time = Duration::seconds(20);
  Duration visibility_timeout = Duration::seconds(30);
  std::int64_t max_concurrency = 1;
  std::string credentials_profile;
  std::string assume_role_arn;
  std::string method_attribute = "centrifugo-method";
  std::string localstack_endpoint;
  AWSPublicationDataModeConfig publication_data_mode;

  static const Table& table();
};

/// Service Bus messages that are publications rather than API commands.
struct AzureServiceBusPublicationDataModeConfig {
  bool enabled = false;
  std::string channels_property = "centrifugo-channels";
  std::string idempotency_key_property = "centrifugo-idempotency-key";
  std::string delta_property = "centrifugo-delta";
  std::string version_property = "centrifugo-version";
  std::string version_epoch_property = "centrifugo-version-epoch";
  std::string tags_property_prefix = "centrifugo-tag-";

  static const Table& table();
};

/// Commands taken from Azure Service Bus.
struct AzureServiceBusConsumerConfig {
  std::string connection_string;
  bool use_azure_identity = false;
  std::string fully_qualified_namespace;
  std::string tenant_id;
  std::string client_id;
  std::string client_secret;
  std::vector<std::string> queues;
  bool use_sessions = false;
  std::int64_t max_concurrent_calls = 1;
  std::int64_t max_receive_messages = 1;
  std::string method_property = "centrifugo-method";
  AzureServiceBusPublicationDataModeConfig publication_data_mode;

  static const Table& table();
};

}  // namespace whirl::config
