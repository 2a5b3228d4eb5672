#pragma once
#include <atomic>
#include <cstdint>

namespace whirl::http {

/// Lets `burst` events pass at once and one more each second after that; everything if that is 0. Any thread;
/// kept in one number, the time at which the bucket will be full again.
class RateLimit {
 public:
  explicit RateLimit(std::int64_t burst) { set_burst(burst); }

  void set_burst(std::int64_t burst) { burst_ms_.store(burst * kIntervalMs, std::memory_order_relaxed); }

  bool allow(std::int64_t now_ms) {
    const std::int64_t burst_ms = burst_ms_.load(std::memory_order_relaxed);
    if (burst_ms <= 0) return true;
    std::int64_t full_at = full_at_ms_.load(std::memory_order_relaxed);
    for (;;) {
      std::int64_t next = (full_at > now_ms ? full_at : now_ms) + kIntervalMs;
      if (next - now_ms > burst_ms) return false;
      if (full_at_ms_.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return true;
    }
  }

 private:
  static constexpr std::int64_t kIntervalMs = 1000;
  std::atomic<std::int64_t> burst_ms_;
  std::atomic<std::int64_t> full_at_ms_{0};
};

}  // namespace whirl::http
