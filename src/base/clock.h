#pragma once
#include <cstdint>

namespace whirl {

/// Milliseconds that only grow; for intervals and timers.
std::int64_t monotonic_ms();

/// Milliseconds since 1970 in UTC; for what is shown to people, tokens and peers.
std::int64_t unix_ms();

/// Seconds since 1970 in UTC.
inline std::int64_t unix_seconds() {
  return unix_ms() / 1000;
}

/// Where a module gets its time from, so that tests can turn it by hand.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t monotonic_ms() const = 0;
  virtual std::int64_t unix_ms() const = 0;
};

/// The machine's clock.
const Clock& system_clock();

/// A clock for tests: it stands still until it is told to move.
class ManualClock : public Clock {
 public:
  std::int64_t monotonic_ms() const override { return now_ms_; }
  std::int64_t unix_ms() const override { return kStartUnixMs + now_ms_; }
  void advance(std::int64_t ms) { now_ms_ += ms; }

 private:
  static constexpr std::int64_t kStartUnixMs = 1'700'000'000'000;
  std::int64_t now_ms_ = 1;
};

}  // namespace whirl
