#include "broker/redis/keys.h"

#include "driver/redis/slots.h"

namespace whirl::broker::redis {
namespace {

constexpr std::string_view kMessages = ".client.";

}  // namespace

int Keys::partition_of(std::string_view channel) const {
  return partitions_ == 0 ? 0 : driver::redis::consistent_index(channel, partitions_);
}

std::string Keys::probe(std::string_view unique, int partition) const {
  std::string out = prefix_ + ".probe.";
  if (partitions_ > 0) out += "{" + std::to_string(partition) + "}.";
  return out.append(unique);
}

std::string Keys::of(std::string_view kind, std::string_view channel) const {
  if (partitions_ > 0) {
    std::string out = prefix_;
    out.append(kind).append("{").append(std::to_string(partition_of(channel))).append("}.").append(channel);
    return out;
  }
  std::string out;
  out.reserve(prefix_.size() + kind.size() + channel.size() + 2);
  out += prefix_;
  out += kind;
  if (cluster_) out += '{';
  out += channel;
  if (cluster_) out += '}';
  return out;
}

std::string_view Keys::channel_of(std::string_view messages) const {
  if (!messages.starts_with(prefix_)) return {};
  messages.remove_prefix(prefix_.size());
  if (!messages.starts_with(kMessages)) return {};
  messages.remove_prefix(kMessages.size());
  if (!cluster_) return messages;
  if (partitions_ > 0) {
    const auto tag_end = messages.find("}.");
    return tag_end == messages.npos ? std::string_view() : messages.substr(tag_end + 2);
  }
  if (!messages.starts_with('{') || !messages.ends_with('}')) return {};
  return messages.substr(1, messages.size() - 2);
}

}  // namespace whirl::broker::redis
