#pragma once
#include <array>
#include <cstdint>
#include <limits>

#include "base/function.h"

namespace whirl::net {

class TimerWheel;

/// Something that happens once, later, on the loop whose wheel it was armed on. A member or a base of its
/// owner: 32 bytes, no allocation, cancelled when destroyed. on_timer() may arm it again or destroy it.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  bool armed() const { return link_ != nullptr; }
  /// Milliseconds of the wheel's clock; meaningful while armed.
  std::int64_t deadline_ms() const { return deadline_ms_; }
  /// Harmless if not armed.
  void cancel();

 protected:
  virtual ~Timer() { cancel(); }

 private:
  friend class TimerWheel;
  virtual void on_timer() = 0;

  Timer* next_ = nullptr;
  Timer** link_ = nullptr;  // the pointer that points to this timer
  std::int64_t deadline_ms_ = 0;
};

/// A timer that calls a function.
class CallbackTimer final : public Timer {
 public:
  explicit CallbackTimer(UniqueFunction<void()> call) : call_(std::move(call)) {}

 private:
  void on_timer() override { call_(); }
  UniqueFunction<void()> call_;
};

/// All timers of one loop: a hierarchical wheel of millisecond ticks. Arming and cancelling take constant
/// time whatever the number of timers. It reads no clock: the loop tells it the time. Timers left at its end
/// are disarmed.
class TimerWheel {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  explicit TimerWheel(std::int64_t now_ms) : now_ms_(now_ms) {}
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  ~TimerWheel();

  /// Arms, or moves if armed. A deadline that is not after the current time means the next millisecond.
  void arm(Timer& timer, std::int64_t deadline_ms);

  /// Fires what is due at `now_ms` in the order of the deadlines (within one millisecond the order is open).
  void advance(std::int64_t now_ms);

  /// When advance() should be called next; kNever without timers. Can be before the earliest deadline (a far
  /// timer moves to a finer level on its way), never after it.
  std::int64_t next_deadline();

 private:
  static constexpr int kBits = 6;
  static constexpr int kSlots = 1 << kBits;
  static constexpr int kLevels = 7;  // 2^42 ms: more than a century

  struct Level {
    std::uint64_t occupied = 0;  // a bit can outlive its cancelled timers until it is looked at
    std::array<Timer*, kSlots> slots{};
  };
  struct Slot {
    int level = 0;
    int index = 0;
    std::int64_t start_ms = kNever;
  };

  void insert(Timer& timer);
  Slot next_slot();
  void fire(Slot slot);

  std::int64_t now_ms_;
  std::array<Level, kLevels> levels_;
};

}  // namespace whirl::net
