#pragma once
#include <cstdint>

namespace whirl::broker::redis {

/// Decides when to send a probe through the server to ourselves and when one that did not come back counts as
/// lost. Without I/O.
class Probe {
 public:
  static constexpr std::int64_t kEveryMs = 5000;

  enum class Step : std::uint8_t { nothing, send, lost };

  explicit Probe(std::int64_t timeout_ms) : timeout_ms_(timeout_ms) {}

  /// Asked every now and then.
  Step step(std::int64_t now_ms);
  /// The server took it; only then can its absence prove anything.
  void on_sent(std::int64_t now_ms);
  void on_not_sent() { state_ = State::idle; }
  void on_returned() { state_ = State::idle; }
  /// The connection is a new one.
  void restart(std::int64_t now_ms);

 private:
  enum class State : std::uint8_t { idle, sending, sent };

  std::int64_t timeout_ms_;
  std::int64_t last_ms_ = 0;  // when the last one was begun
  std::int64_t sent_ms_ = 0;
  State state_ = State::idle;
};

}  // namespace whirl::broker::redis
