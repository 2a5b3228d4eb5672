#pragma once
#include <cstddef>
#include <cstdint>

namespace whirl::transport {

/// Sees whether a client takes anything of what is written to it. Counts wrap around.
class WriteProgress {
 public:
  /// Called before more is written, with the bytes that still wait on the stream: false if some waited, and
  /// none left, for longer than the timeout.
  bool goes_on(std::int64_t now_ms, std::size_t waiting, std::int64_t timeout_ms) {
    const auto now = static_cast<std::uint32_t>(now_ms);
    const std::uint32_t taken = written_ - static_cast<std::uint32_t>(waiting);
    if (waiting == 0 || taken != taken_) {
      taken_ = taken;
      taken_at_ms_ = now;
    }
    return now - taken_at_ms_ <= static_cast<std::uint64_t>(timeout_ms);
  }
  void wrote(std::size_t bytes) { written_ += static_cast<std::uint32_t>(bytes); }

 private:
  std::uint32_t written_ = 0;
  std::uint32_t taken_ = ~std::uint32_t{0};  // bytes that had left when that last changed; none seen yet
  std::uint32_t taken_at_ms_ = 0;
};

}  // namespace whirl::transport
