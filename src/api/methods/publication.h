#pragma once
#include <string_view>

#include "api/messages.h"
#include "broker/types.h"
#include "channel/rules.h"

namespace whirl::api {

/// Why data may not be published into a channel through this API; empty if it may.
inline std::string_view why_not_publish(const channel::Namespace& ns, std::string_view data) {
  if (ns.type != channel::SubscriptionType::stream) return "the channel is not a stream";
  if (!channel::valid_data(ns.data_format, data)) return "the data is not of the channel's format";
  return {};
}

/// What publish and broadcast ask for, with the options of the channel.
template <class Request>
broker::PublishOptions publish_options(const Request& request, const channel::Namespace& ns) {
  broker::PublishOptions options;
  if (!request.skip_history) {
    options.history_size = static_cast<int>(ns.history_size);
    options.history_ttl_ms = ns.history_ttl.ms();
  }
  options.history_meta_ttl_ms = ns.history_meta_ttl.ms();
  for (const auto& tag : request.tags) options.tags.emplace_back(tag.key, tag.value);
  options.idempotency_key = request.idempotency_key;
  options.use_delta = request.delta || ns.delta_publish;
  options.version = request.version;
  options.version_epoch = request.version_epoch;
  return options;
}

}  // namespace whirl::api
