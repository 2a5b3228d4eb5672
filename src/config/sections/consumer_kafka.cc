#include "config/sections/consumer_kafka.h"

#include "config/table.h"

namespace whirl::config {

const Table& KafkaPublicationDataModeConfig::table() {
  static const Row<KafkaPublicationDataModeConfig> rows[] = {
      {"enabled", &KafkaPublicationDataModeConfig::enabled,
       "Publishes the data of a message as it is, to the channels that it names."},
      {"channels_header", &KafkaPublicationDataModeConfig::channels_header,
       "Header that lists the channels, separated by commas."},
      {"idempotency_key_header", &KafkaPublicationDataModeConfig::idempotency_key_header,
       "Header with the idempotency key."},
      {"delta_header", &KafkaPublicationDataModeConfig::delta_header, "Header with the delta flag."},
      {"version_header", &KafkaPublicationDataModeConfig::version_header, "Header with the version."},
      {"version_epoch_header", &KafkaPublicationDataModeConfig::version_epoch_header,
       "Header with the epoch of the version."},
      {"tags_header_prefix", &KafkaPublicationDataModeConfig::tags_header_prefix,
       "What the headers that become tags start with."},
  };
  static const Table table("KafkaPublicationDataModeConfig", rows);
  return table;
}

const Table& KafkaConsumerConfig::table() {
  static const Row<KafkaConsumerConfig> rows[] = {
      {"brokers", &KafkaConsumerConfig::brokers, "Addresses of brokers to start from."},
      {"topics", &KafkaConsumerConfig::topics, "Topics to consume."},
      {"consumer_group", &KafkaConsumerConfig::consumer_group, "Name of the consumer group."},
      {"max_poll_records", &KafkaConsumerConfig::max_poll_records, "Most records taken at a time."},
      {"fetch_max_bytes", &KafkaConsumerConfig::fetch_max_bytes,
       "Most bytes fetched at a time; 0 means 50 MB."},
      {"fetch_max_wait", &KafkaConsumerConfig::fetch_max_wait,
       "Longest time that a broker waits for records."},
      {"fetch_read_uncommitted", &KafkaConsumerConfig::fetch_read_uncommitted,
       "Reads records of open transactions too."},
      {"partition_queue_max_size", &KafkaConsumerConfig::partition_queue_max_size,
       "Records that may wait in a partition before fetching pauses; -1 pauses on every poll."},
      {"dial_timeout", &KafkaConsumerConfig::dial_timeout, "Longest time to connect to a broker."},
      {"tls", &KafkaConsumerConfig::tls, "TLS to Kafka."},
      {"sasl_mechanism", &KafkaConsumerConfig::sasl_mechanism,
       "How to authenticate: `plain`, `scram-sha-256`, `scram-sha-512` or `aws-msk-iam`."},
      {"sasl_user", &KafkaConsumerConfig::sasl_user, "User name."},
      {"sasl_password", &KafkaConsumerConfig::sasl_password, "Password.", kSecret},
      {"assume_role_arn", &KafkaConsumerConfig::assume_role_arn,
       "AWS role to take on; only with `aws-msk-iam`."},
      {"instance_id", &KafkaConsumerConfig::instance_id, "Static name of this member of the group."},
      {"method_header", &KafkaConsumerConfig::method_header,
       "Header that names the API method; with it, the message is the method's request."},
      {"publication_data_mode", &KafkaConsumerConfig::publication_data_mode,
       "Messages that are publications rather than API commands."},
  };
  static const Table table("KafkaConsumerConfig", rows);
  return table;
}

}  // namespace whirl::config
