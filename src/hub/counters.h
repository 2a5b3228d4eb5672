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

/// The metrics that the parts of the hub on one loop count in, looked up once. Used on that loop only.
class Counters {
 public:
  explicit Counters(metrics::LoopMetrics& metrics);

  void count(Action action) { actions_[static_cast<std::size_t>(action)]->add(); }
  void sent(PushKind kind) { sent_[static_cast<std::size_t>(kind)]->add(); }
  void received(PushKind kind) { received_[static_cast<std::size_t>(kind)]->add(); }
  void control_sent() { control_sent_.add(); }
  void control_received() { control_received_.add(); }
  void suppressed(bool by_version) { (by_version ? suppressed_by_version_ : suppressed_by_key_).add(); }
  void broadcast(double seconds) { broadcast_.observe(seconds); }
  void lag(double seconds) { lag_.observe(seconds); }
  void filtered(std::size_t publications) { filtered_.add(publications); }

 private:
  static constexpr std::size_t kKinds = 3;

  std::array<metrics::Counter*, kActionNames.size()> actions_;
  std::array<metrics::Counter*, kKinds> sent_;
  std::array<metrics::Counter*, kKinds> received_;
  metrics::Counter& control_sent_;
  metrics::Counter& control_received_;
  metrics::Counter& suppressed_by_key_;
  metrics::Counter& suppressed_by_version_;
  metrics::Histogram& broadcast_;
  metrics::Histogram& lag_;
  metrics::Counter& filtered_;
};

}  // namespace whirl::hub
