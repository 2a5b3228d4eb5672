#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "hub/subscriber.h"
#include "metrics/loop_metrics.h"

namespace whirl::hub {

/// What the hub does, as centrifugo_node_action_count names it.
enum class Action : std::uint8_t {
  add_client,
  remove_client,
  add_subscription,
  remove_subscription,
  broker_subscribe,
  broker_unsubscribe,
  add_presence,
  remove_presence,
  presence,
  presence_stats,
  history,
  history_recover,
  history_recover_cache,
  history_stream_top,
  history_remove,
  survey,
};

inline constexpr auto kActionNames = std::to_array<std::string_view>(
    {"add_client", "remove_client", "add_subscription", "remove_subscription", "broker_subscribe",
     "broker_unsubscribe", "add_presence", "remove_presence", "presence", "presence_stats", "history",
     "history_recover", "history_recover_cache", "history_stream_top", "history_remove", "survey"});

/// The metrics that the parts of the hub on one loop count in. Each is looked up when it is first used, and
/// shows up with that, as in Centrifugo. Used on that loop only.
class Counters {
 public:
  explicit Counters(metrics::LoopMetrics& metrics) : metrics_(metrics) {}

  void count(Action action) {
    metrics::Counter*& cell = actions_[static_cast<std::size_t>(action)];
    if (!cell) cell = &action_count(action);
    cell->add();
  }
  void sent(PushKind kind) {
    metrics::Counter*& cell = sent_[static_cast<std::size_t>(kind)];
    if (!cell) cell = &sent_count(kind);
    cell->add();
  }
  void received(PushKind kind) {
    metrics::Counter*& cell = received_[static_cast<std::size_t>(kind)];
    if (!cell) cell = &received_count(kind);
    cell->add();
  }
  void broadcast(double seconds) {
    if (!broadcast_) broadcast_ = &broadcast_duration();
    broadcast_->observe(seconds);
  }
  void lag(double seconds) {
    if (!lag_) lag_ = &pub_sub_lag();
    lag_->observe(seconds);
  }
  void control_sent();
  void control_received();
  void suppressed(bool by_version);
  void filtered(std::size_t publications);

 private:
  metrics::Counter& action_count(Action action);
  metrics::Counter& sent_count(PushKind kind);
  metrics::Counter& received_count(PushKind kind);
  metrics::Histogram& broadcast_duration();
  metrics::Histogram& pub_sub_lag();

  static constexpr std::size_t kKinds = 3;

  metrics::LoopMetrics& metrics_;
  std::array<metrics::Counter*, kActionNames.size()> actions_{};
  std::array<metrics::Counter*, kKinds> sent_{};
  std::array<metrics::Counter*, kKinds> received_{};
  metrics::Histogram* broadcast_ = nullptr;
  metrics::Histogram* lag_ = nullptr;
};

}  // namespace whirl::hub
