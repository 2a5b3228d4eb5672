#include "hub/counters.h"

namespace whirl::hub {
namespace {

constexpr std::string_view kKindNames[] = {"publication", "join", "leave"};
// Namespaces are not told apart: their number is not bounded.
constexpr std::string_view kNoNamespace;

}  // namespace

metrics::Counter& Counters::action_count(Action action) {
  return metrics_.node.action_count.with(kActionNames[static_cast<std::size_t>(action)], kNoNamespace);
}

metrics::Counter& Counters::sent_count(PushKind kind) {
  return metrics_.node.messages_sent_count.with(kKindNames[static_cast<std::size_t>(kind)], kNoNamespace);
}

metrics::Counter& Counters::received_count(PushKind kind) {
  return metrics_.node.messages_received_count.with(kKindNames[static_cast<std::size_t>(kind)], kNoNamespace);
}

metrics::Histogram& Counters::broadcast_duration() {
  return metrics_.node.broadcast_duration.with("publication", kNoNamespace);
}

metrics::Histogram& Counters::pub_sub_lag() {
  return metrics_.node.pub_sub_lag.with(kNoNamespace);
}

void Counters::control_sent() {
  metrics_.node.messages_sent_count.with("control", kNoNamespace).add();
}

void Counters::control_received() {
  metrics_.node.messages_received_count.with("control", kNoNamespace).add();
}

void Counters::suppressed(bool by_version) {
  metrics_.broker.publish_suppressed.with(by_version ? "version" : "idempotency", kNoNamespace).add();
}

void Counters::filtered(std::size_t publications) {
  metrics_.node.tags_filter_dropped.with(kNoNamespace).add(publications);
}

}  // namespace whirl::hub
