#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/sections/telemetry.h"
#include "metrics/registry.h"
#include "protocol/commands.h"
#include "protocol/variant.h"
#include "session/frame_type.h"

namespace whirl::session {

/// What a client says of itself, as far as metrics tell it apart: whether it gave a name and a version at
/// all.
struct ClientLabels {
  bool has_name = false;
  bool has_version = false;
};

/// What sessions count on one loop, under Centrifugo's names. Made before the loop runs, outlives its
/// sessions.
class Metrics {
 public:
  Metrics(metrics::Registry& registry, const config::Prometheus& options);

  /// The counts of one transport; its address stays.
  class Transport {
   public:
    Transport(Metrics& metrics, std::string_view name) : metrics_(metrics), name_(name) {}

    std::string_view name() const { return name_; }
    /// `frame_size` with its framing, which is not counted.
    void sent(FrameType type, protocol::Framing framing, std::size_t frame_size);
    void received(FrameType type, std::size_t size);
    void accepted(ClientLabels labels);
    void connected(ClientLabels labels, int change);
    void pong(double seconds);

   private:
    struct Traffic {
      metrics::Counter* messages = nullptr;
      metrics::Counter* bytes = nullptr;
    };
    Metrics& metrics_;
    std::string name_;
    std::array<Traffic, kFrameTypes> sent_{};
    std::array<Traffic, kFrameTypes> received_{};
  };
  Transport& transport(std::string_view name);

  void command(protocol::Method method, std::int64_t duration_us);
  void reply_error(protocol::Method method, std::uint32_t code);
  void disconnected(std::uint32_t code);
  void unsubscribed(std::uint32_t code);
  void subscriptions(ClientLabels labels, int change);
  void recovered(bool recovered, std::size_t publications);

 private:
  metrics::DurationFamily<2> command_duration_;
  metrics::Family<metrics::Counter, 3> reply_errors_;
  metrics::Family<metrics::Counter, 2> server_unsubscribes_;
  metrics::Family<metrics::Counter, 1> server_disconnects_;
  metrics::Family<metrics::Counter, 3> recover_;
  std::unique_ptr<metrics::Family<metrics::Histogram, 1>> recovered_publications_;
  metrics::Family<metrics::Histogram, 1> ping_pong_;
  metrics::Family<metrics::Counter, 4> connections_accepted_;
  metrics::Family<metrics::Gauge, 4> connections_inflight_;
  metrics::Family<metrics::Gauge, 2> subscriptions_inflight_;
  metrics::Family<metrics::Counter, 3> messages_sent_;
  metrics::Family<metrics::Counter, 3> messages_sent_size_;
  metrics::Family<metrics::Counter, 3> messages_received_;
  metrics::Family<metrics::Counter, 3> messages_received_size_;

  std::vector<metrics::Duration> by_method_;  // of command_duration_
  std::map<std::string, Transport, std::less<>> transports_;
};

}  // namespace whirl::session
