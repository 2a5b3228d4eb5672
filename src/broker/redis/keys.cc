#include "broker/redis/keys.h"

namespace whirl::broker::redis {
namespace {

constexpr std::string_view kMessages = ".client.";

}  // namespace

std::string Keys::of(std::string_view kind, std::string_view channel) const {
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
  if (!messages.starts_with('{') || !messages.ends_with('}')) return {};
  return messages.substr(1, messages.size() - 2);
}

}  // namespace whirl::broker::redis
