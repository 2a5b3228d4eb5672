#include "hub/counters.h"

namespace whirl::hub {
namespace {

constexpr std::string_view kKindNames[] = {"publication", "join", "leave"};
// Namespaces are not told apart: their number is not bounded.
constexpr std::string_view kNoNamespace;

}  // namespace

Counters::Counters(metrics::LoopMetrics& metrics)
    : control_sent_(metrics.node.messages_sent_count.with("control", kNoNamespace)),
      control_received_(metrics.node.messages_received_count.with("control", kNoNamespace)),
      suppressed_by_key_(metrics.broker.publish_suppressed.with("idempotency", kNoNamespace)),
      suppressed_by_version_(metrics.broker.publish_suppressed.with("version", kNoNamespace)),
      broadcast_(metrics.node.broadcast_duration.with("publication", kNoNamespace)),
      lag_(metrics.node.pub_sub_lag.with(kNoNamespace)),
      filtered_(metrics.node.tags_filter_dropped.with(kNoNamespace)) {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    actions_[i] = &metrics.node.action_count.with(kActionNames[i], kNoNamespace);
  }
  for (std::size_t i = 0; i < kKinds; ++i) {
    sent_[i] = &metrics.node.messages_sent_count.with(kKindNames[i], kNoNamespace);
    received_[i] = &metrics.node.messages_received_count.with(kKindNames[i], kNoNamespace);
  }
}

}  // namespace whirl::hub
