#include <algorithm>

#include "base/regex.h"
#include "config/validate.h"

namespace whirl::config {
namespace {

Result<> must_be_set(bool set, std::string_view name) {
  if (set) return {};
  return fail("{} must be set", name);
}

/// In publication data mode, something must name the channels.
template <class Mode>
Result<> names_channels(const Mode& mode, const std::string& where, std::string_view name) {
  if (!mode.enabled || !where.empty()) return {};
  return fail("publication_data_mode.{} must be set", name);
}

Result<> validate(const PostgresConsumerConfig& consumer) {
  if (auto r = must_be_set(!consumer.dsn.empty(), "dsn"); !r) return r;
  return must_be_set(!consumer.outbox_table_name.empty(), "outbox_table_name");
}

Result<> validate(const KafkaConsumerConfig& consumer) {
  if (auto r = must_be_set(!consumer.brokers.empty(), "brokers"); !r) return r;
  if (auto r = must_be_set(!consumer.topics.empty(), "topics"); !r) return r;
  if (auto r = must_be_set(!consumer.consumer_group.empty(), "consumer_group"); !r) return r;
  if (!consumer.assume_role_arn.empty() && consumer.sasl_mechanism != "aws-msk-iam") {
    return fail("assume_role_arn needs sasl_mechanism \"aws-msk-iam\"");
  }
  const auto& mode = consumer.publication_data_mode;
  return names_channels(mode, mode.channels_header, "channels_header");
}

Result<> validate(const RedisStreamConsumerConfig& consumer) {
  if (auto r = must_be_set(!consumer.address.empty(), "address"); !r) return r;
  if (auto r = must_be_set(!consumer.streams.empty(), "streams"); !r) return r;
  if (auto r = must_be_set(!consumer.consumer_group.empty(), "consumer_group"); !r) return r;
  const auto& mode = consumer.publication_data_mode;
  return names_channels(mode, mode.channels_value, "channels_value");
}

Result<> validate(const NatsJetStreamConsumerConfig& consumer) {
  static constexpr std::string_view kPolicies[] = {"new", "all"};
  if (auto r = must_be_set(!consumer.url.empty(), "url"); !r) return r;
  if (auto r = must_be_set(!consumer.stream_name.empty(), "stream_name"); !r) return r;
  if (auto r = must_be_set(!consumer.durable_consumer_name.empty(), "durable_consumer_name"); !r) return r;
  if (!consumer.use_existing_consumer) {
    if (auto r = one_of(consumer.deliver_policy, kPolicies, "deliver_policy"); !r) return r;
  }
  const auto& mode = consumer.publication_data_mode;
  return names_channels(mode, mode.channels_header, "channels_header");
}

Result<> validate(const GooglePubSubConsumerConfig& consumer) {
  if (auto r = must_be_set(!consumer.project_id.empty(), "project_id"); !r) return r;
  if (auto r = must_be_set(!consumer.subscriptions.empty(), "subscriptions"); !r) return r;
  const auto& mode = consumer.publication_data_mode;
  return names_channels(mode, mode.channels_attribute, "channels_attribute");
}

Result<> validate(const AwsSqsConsumerConfig& consumer) {
  if (auto r = must_be_set(!consumer.queues.empty(), "queues"); !r) return r;
  const auto& mode = consumer.publication_data_mode;
  return names_channels(mode, mode.channels_attribute, "channels_attribute");
}

Result<> validate(const AzureServiceBusConsumerConfig& consumer) {
  if (consumer.use_azure_identity) {
    const bool complete = !consumer.fully_qualified_namespace.empty() && !consumer.tenant_id.empty() &&
                          !consumer.client_id.empty() && !consumer.client_secret.empty();
    if (!complete) {
      return fail(
          "use_azure_identity needs fully_qualified_namespace, tenant_id, client_id and client_secret");
    }
  } else if (consumer.connection_string.empty()) {
    return fail("connection_string must be set, or use_azure_identity be on");
  }
  if (auto r = must_be_set(!consumer.queues.empty(), "queues"); !r) return r;
  const auto& mode = consumer.publication_data_mode;
  return names_channels(mode, mode.channels_property, "channels_property");
}

/// One kind of consumer: the section that its type selects.
struct ConsumerKind {
  std::string_view type;
  Result<> (*validate)(const Consumer& consumer);
};

template <auto Section>
constexpr ConsumerKind kind(std::string_view type) {
  return {type, [](const Consumer& consumer) { return validate(consumer.*Section); }};
}

constexpr ConsumerKind kKinds[] = {
    kind<&Consumer::postgresql>("postgresql"),
    kind<&Consumer::kafka>("kafka"),
    kind<&Consumer::nats_jetstream>("nats_jetstream"),
    kind<&Consumer::redis_stream>("redis_stream"),
    kind<&Consumer::google_pub_sub>("google_pub_sub"),
    kind<&Consumer::aws_sqs>("aws_sqs"),
    kind<&Consumer::azure_service_bus>("azure_service_bus"),
};

Result<> validate_one(const Consumer& consumer, const std::string& path) {
  std::vector<std::string_view> types;
  for (const ConsumerKind& known : kKinds) types.push_back(known.type);
  if (auto r = one_of(consumer.type, types, path + ".type"); !r) return r;
  if (!consumer.enabled) return {};
  const auto known = std::ranges::find(kKinds, consumer.type, &ConsumerKind::type);
  return at(fmt::format("{} ({}).{}", path, consumer.name, consumer.type), known->validate(consumer));
}

}  // namespace

Result<> validate_consumers(const std::vector<Consumer>& consumers) {
  static const Regex kName = *Regex::compile("^[a-zA-Z0-9_]{2,}$");
  for (std::size_t i = 0; i < consumers.size(); ++i) {
    const auto path = fmt::format("consumers[{}]", i);
    const std::string& name = consumers[i].name;
    if (!kName.matches(name)) {
      return fail("{}.name is \"{}\", but must have at least two letters, digits or \"_\"", path, name);
    }
    if (std::ranges::count(consumers, name, &Consumer::name) > 1) {
      return fail("{}.name is \"{}\", which another consumer has too", path, name);
    }
    if (auto r = validate_one(consumers[i], path); !r) return r;
  }
  return {};
}

}  // namespace whirl::config
