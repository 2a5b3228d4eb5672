#include "config/sections/consumer_cloud.h"

#include "config/table.h"

namespace whirl::config {

const Table& GooglePubSubPublicationDataModeConfig::table() {
  static const Row<GooglePubSubPublicationDataModeConfig> rows[] = {
      {"enabled", &GooglePubSubPublicationDataModeConfig::enabled,
       "Publishes the data of a message as it is, to the channels that it names."},
      {"channels_attribute", &GooglePubSubPublicationDataModeConfig::channels_attribute,
       "Attribute that lists the channels, separated by commas."},
      {"idempotency_key_attribute", &GooglePubSubPublicationDataModeConfig::idempotency_key_attribute,
       "Attribute with the idempotency key."},
      {"delta_attribute", &GooglePubSubPublicationDataModeConfig::delta_attribute,
       "Attribute with the delta flag."},
      {"version_attribute", &GooglePubSubPublicationDataModeConfig::version_attribute,
       "Attribute with the version."},
      {"version_epoch_attribute", &GooglePubSubPublicationDataModeConfig::version_epoch_attribute,
       "Attribute with the epoch of the version."},
      {"tags_attribute_prefix", &GooglePubSubPublicationDataModeConfig::tags_attribute_prefix,
       "What the attributes that become tags start with."},
  };
  static const Table table("GooglePubSubPublicationDataModeConfig", rows);
  return table;
}

const Table& GooglePubSubConsumerConfig::table() {
  static const Row<GooglePubSubConsumerConfig> rows[] = {
      {"project_id", &GooglePubSubConsumerConfig::project_id, "Project."},
      {"subscriptions", &GooglePubSubConsumerConfig::subscriptions, "Subscriptions to consume."},
      {"max_outstanding_messages", &GooglePubSubConsumerConfig::max_outstanding_messages,
       "Most messages in work at a time."},
      {"max_outstanding_bytes", &GooglePubSubConsumerConfig::max_outstanding_bytes,
       "Most bytes in work at a time."},
      {"auth_mechanism", &GooglePubSubConsumerConfig::auth_mechanism,
       "How to authenticate: `default` or `service_account`."},
      {"credentials_file", &GooglePubSubConsumerConfig::credentials_file,
       "JSON file of the service account."},
      {"method_attribute", &GooglePubSubConsumerConfig::method_attribute,
       "Attribute that names the API method; with it, the message is the method's request."},
      {"publication_data_mode", &GooglePubSubConsumerConfig::publication_data_mode,
       "Messages that are publications rather than API commands."},
  };
  static const Table table("GooglePubSubConsumerConfig", rows);
  return table;
}

const Table& AWSPublicationDataModeConfig::table() {
  static const Row<AWSPublicationDataModeConfig> rows[] = {
      {"enabled", &AWSPublicationDataModeConfig::enabled,
       "Publishes the data of a message as it is, to the channels that it names."},
      {"channels_attribute", &AWSPublicationDataModeConfig::channels_attribute,
       "Attribute that lists the channels, separated by commas."},
      {"idempotency_key_attribute", &AWSPublicationDataModeConfig::idempotency_key_attribute,
       "Attribute with the idempotency key."},
      {"delta_attribute", &AWSPublicationDataModeConfig::delta_attribute, "Attribute with the delta flag."},
      {"version_attribute", &AWSPublicationDataModeConfig::version_attribute, "Attribute with the version."},
      {"version_epoch_attribute", &AWSPublicationDataModeConfig::version_epoch_attribute,
       "Attribute with the epoch of the version."},
      {"tags_attribute_prefix", &AWSPublicationDataModeConfig::tags_attribute_prefix,
       "What the attributes that become tags start with."},
  };
  static const Table table("AWSPublicationDataModeConfig", rows);
  return table;
}

const Table& AwsSqsConsumerConfig::table() {
  static const Row<AwsSqsConsumerConfig> rows[] = {
      {"queues", &AwsSqsConsumerConfig::queues, "URLs of the queues to consume.", kUrl},
      {"sns_envelope", &AwsSqsConsumerConfig::sns_envelope,
       "Takes messages out of the envelope that SNS puts them in."},
      {"region", &AwsSqsConsumerConfig::region, "AWS region of the queues."},
      {"max_number_of_messages", &AwsSqsConsumerConfig::max_number_of_messages,
       "Most messages taken at a time."},
      {"wait_time_time", &AwsSqsConsumerConfig::wait_time_time,
       "Longest time that a request waits for messages, in whole seconds."},
      {"visibility_timeout", &AwsSqsConsumerConfig::visibility_timeout,
       "How long a message that was taken stays invisible to others, in whole seconds."},
      {"max_concurrency", &AwsSqsConsumerConfig::max_concurrency, "Most messages in work at a time."},
      {"credentials_profile", &AwsSqsConsumerConfig::credentials_profile,
       "Profile of the shared credentials file."},
      {"assume_role_arn", &AwsSqsConsumerConfig::assume_role_arn, "Role to take on."},
      {"method_attribute", &AwsSqsConsumerConfig::method_attribute,
       "Attribute that names the API method; with it, the message is the method's request."},
      {"localstack_endpoint", &AwsSqsConsumerConfig::localstack_endpoint,
       "URL of a LocalStack to use instead of AWS.", kUrl},
      {"publication_data_mode", &AwsSqsConsumerConfig::publication_data_mode,
       "Messages that are publications rather than API commands."},
  };
  static const Table table("AwsSqsConsumerConfig", rows);
  return table;
}

const Table& AzureServiceBusPublicationDataModeConfig::table() {
  static const Row<AzureServiceBusPublicationDataModeConfig> rows[] = {
      {"enabled", &AzureServiceBusPublicationDataModeConfig::enabled,
       "Publishes the data of a message as it is, to the channels that it names."},
      {"channels_property", &AzureServiceBusPublicationDataModeConfig::channels_property,
       "Property that lists the channels, separated by commas."},
      {"idempotency_key_property", &AzureServiceBusPublicationDataModeConfig::idempotency_key_property,
       "Property with the idempotency key."},
      {"delta_property", &AzureServiceBusPublicationDataModeConfig::delta_property,
       "Property with the delta flag."},
      {"version_property", &AzureServiceBusPublicationDataModeConfig::version_property,
       "Property with the version."},
      {"version_epoch_property", &AzureServiceBusPublicationDataModeConfig::version_epoch_property,
       "Property with the epoch of the version."},
      {"tags_property_prefix", &AzureServiceBusPublicationDataModeConfig::tags_property_prefix,
       "What the properties that become tags start with."},
  };
  static const Table table("AzureServiceBusPublicationDataModeConfig", rows);
  return table;
}

const Table& AzureServiceBusConsumerConfig::table() {
  static const Row<AzureServiceBusConsumerConfig> rows[] = {
      {"connection_string", &AzureServiceBusConsumerConfig::connection_string,
       "Connection string, unless `use_azure_identity` is on.", kSecret},
      {"use_azure_identity", &AzureServiceBusConsumerConfig::use_azure_identity,
       "Authenticates by Azure Identity rather than by the connection string."},
      {"fully_qualified_namespace", &AzureServiceBusConsumerConfig::fully_qualified_namespace,
       "Host name of the namespace, such as `name.servicebus.windows.net`."},
      {"tenant_id", &AzureServiceBusConsumerConfig::tenant_id, "Tenant for Azure Identity."},
      {"client_id", &AzureServiceBusConsumerConfig::client_id, "Application for Azure Identity."},
      {"client_secret", &AzureServiceBusConsumerConfig::client_secret, "Secret of the application.", kSecret},
      {"queues", &AzureServiceBusConsumerConfig::queues, "Queues to consume."},
      {"use_sessions", &AzureServiceBusConsumerConfig::use_sessions,
       "Keeps the order of messages in each session; every message must have a session ID."},
      {"max_concurrent_calls", &AzureServiceBusConsumerConfig::max_concurrent_calls,
       "Most messages in work at a time."},
      {"max_receive_messages", &AzureServiceBusConsumerConfig::max_receive_messages,
       "Most messages taken at a time."},
      {"method_property", &AzureServiceBusConsumerConfig::method_property,
       "Property that names the API method; with it, the message is the method's request."},
      {"publication_data_mode", &AzureServiceBusConsumerConfig::publication_data_mode,
       "Messages that are publications rather than API commands."},
  };
  static const Table table("AzureServiceBusConsumerConfig", rows);
  return table;
}

}  // namespace whirl::config
