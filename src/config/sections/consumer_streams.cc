#include "config/sections/consumer_streams.h"

#include "config/table.h"

namespace whirl::config {

const Table& RedisStreamPublicationDataModeConfig::table() {
  static const Row<RedisStreamPublicationDataModeConfig> rows[] = {
      {"enabled", &RedisStreamPublicationDataModeConfig::enabled,
       "Publishes the data of a message as it is, to the channels that it names."},
      {"channels_value", &RedisStreamPublicationDataModeConfig::channels_value,
       "Value that lists the channels, separated by commas."},
      {"idempotency_key_value", &RedisStreamPublicationDataModeConfig::idempotency_key_value,
       "Value with the idempotency key."},
      {"delta_value", &RedisStreamPublicationDataModeConfig::delta_value, "Value with the delta flag."},
      {"version_value", &RedisStreamPublicationDataModeConfig::version_value, "Value with the version."},
      {"version_epoch_value", &RedisStreamPublicationDataModeConfig::version_epoch_value,
       "Value with the epoch of the version."},
      {"tags_value_prefix", &RedisStreamPublicationDataModeConfig::tags_value_prefix,
       "What the values that become tags start with."},
  };
  static const Table table("RedisStreamPublicationDataModeConfig", rows);
  return table;
}

const Table& RedisStreamConsumerConfig::table() {
  static const Row<RedisStreamConsumerConfig> rows[] = {
      Base<Redis>{},
      {"streams", &RedisStreamConsumerConfig::streams, "Streams to consume."},
      {"consumer_group", &RedisStreamConsumerConfig::consumer_group, "Name of the consumer group."},
      {"visibility_timeout", &RedisStreamConsumerConfig::visibility_timeout,
       "After how long an entry that was not acknowledged is given to another worker."},
      {"num_workers", &RedisStreamConsumerConfig::num_workers, "Number of workers of each stream."},
      {"payload_value", &RedisStreamConsumerConfig::payload_value, "Value that holds the payload."},
      {"method_value", &RedisStreamConsumerConfig::method_value, "Value that names the API method."},
      {"publication_data_mode", &RedisStreamConsumerConfig::publication_data_mode,
       "Messages that are publications rather than API commands."},
  };
  static const Table table("RedisStreamConsumerConfig", rows);
  return table;
}

const Table& NatsJetStreamPublicationDataModeConfig::table() {
  static const Row<NatsJetStreamPublicationDataModeConfig> rows[] = {
      {"enabled", &NatsJetStreamPublicationDataModeConfig::enabled,
       "Publishes the data of a message as it is, to the channels that it names."},
      {"channels_header", &NatsJetStreamPublicationDataModeConfig::channels_header,
       "Header that lists the channels, separated by commas."},
      {"idempotency_key_header", &NatsJetStreamPublicationDataModeConfig::idempotency_key_header,
       "Header with the idempotency key."},
      {"delta_header", &NatsJetStreamPublicationDataModeConfig::delta_header, "Header with the delta flag."},
      {"version_header", &NatsJetStreamPublicationDataModeConfig::version_header, "Header with the version."},
      {"version_epoch_header", &NatsJetStreamPublicationDataModeConfig::version_epoch_header,
       "Header with the epoch of the version."},
      {"tags_header_prefix", &NatsJetStreamPublicationDataModeConfig::tags_header_prefix,
       "What the headers that become tags start with."},
  };
  static const Table table("NatsJetStreamPublicationDataModeConfig", rows);
  return table;
}

const Table& NatsJetStreamConsumerConfig::table() {
  static const Row<NatsJetStreamConsumerConfig> rows[] = {
      {"url", &NatsJetStreamConsumerConfig::url, "URL of the server, or several separated by commas.", kUrl},
      {"credentials_file", &NatsJetStreamConsumerConfig::credentials_file,
       "File with credentials of NATS; used before anything else."},
      {"username", &NatsJetStreamConsumerConfig::username, "User name."},
      {"password", &NatsJetStreamConsumerConfig::password, "Password.", kSecret},
      {"token", &NatsJetStreamConsumerConfig::token, "Token to authenticate with.", kSecret},
      {"stream_name", &NatsJetStreamConsumerConfig::stream_name, "Stream to consume."},
      {"use_existing_consumer", &NatsJetStreamConsumerConfig::use_existing_consumer,
       "Uses a consumer that exists already, as it is configured there."},
      {"subjects", &NatsJetStreamConsumerConfig::subjects,
       "Subjects to consume; empty means all of the stream."},
      {"durable_consumer_name", &NatsJetStreamConsumerConfig::durable_consumer_name,
       "Name of the durable consumer."},
      {"deliver_policy", &NatsJetStreamConsumerConfig::deliver_policy,
       "Where a new consumer starts: `new` or `all`."},
      {"max_ack_pending", &NatsJetStreamConsumerConfig::max_ack_pending,
       "Most messages that may wait for their acknowledgement."},
      {"method_header", &NatsJetStreamConsumerConfig::method_header,
       "Header that names the API method; with it, the message is the method's request."},
      {"publication_data_mode", &NatsJetStreamConsumerConfig::publication_data_mode,
       "Messages that are publications rather than API commands."},
      {"tls", &NatsJetStreamConsumerConfig::tls, "TLS to NATS."},
  };
  static const Table table("NatsJetStreamConsumerConfig", rows);
  return table;
}

}  // namespace whirl::config
