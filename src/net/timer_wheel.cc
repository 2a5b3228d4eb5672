#include "net/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace whirl::net {

void Timer::cancel() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  next_ = nullptr;
  link_ = nullptr;
}

TimerWheel::~TimerWheel() {
  for (Level& level : levels_) {
    for (Timer*& head : level.slots) {
      while (head) head->cancel();
    }
  }
}

void TimerWheel::arm(Timer& timer, std::int64_t deadline_ms) {
  constexpr std::int64_t kLast = (std::int64_t{1} << (kBits * kLevels)) - 1;
  timer.cancel();
  timer.deadline_ms_ = std::clamp(deadline_ms, now_ms_ + 1, kLast);
  insert(timer);
}

// The level is where the deadline first differs from the current time, seen as base-64 digits from the top;
// so all timers of a slot lie ahead of the current time and none of them wraps around.
void TimerWheel::insert(Timer& timer) {
  auto difference = static_cast<std::uint64_t>(timer.deadline_ms_ ^ now_ms_);
  int level = difference == 0 ? 0 : (std::bit_width(difference) - 1) / kBits;
  int index = static_cast<int>(timer.deadline_ms_ >> (level * kBits)) & (kSlots - 1);
  Timer*& head = levels_[level].slots[index];
  levels_[level].occupied |= std::uint64_t{1} << index;
  timer.next_ = head;
  timer.link_ = &head;
  if (head) head->link_ = &timer.next_;
  head = &timer;
}

TimerWheel::Slot TimerWheel::next_slot() {
  for (int level = 0; level < kLevels; ++level) {
    Level& at = levels_[level];
    while (at.occupied) {
      int index = std::countr_zero(at.occupied);
      if (at.slots[index]) {
        std::int64_t turn = now_ms_ >> ((level + 1) * kBits);
        return {level, index, ((turn << kBits) + index) << (level * kBits)};
      }
      at.occupied &= at.occupied - 1;
    }
  }
  return {};
}

std::int64_t TimerWheel::next_deadline() {
  return next_slot().start_ms;
}

void TimerWheel::fire(Slot slot) {
  Level& level = levels_[slot.level];
  level.occupied &= ~(std::uint64_t{1} << slot.index);
  Timer* due = std::exchange(level.slots[slot.index], nullptr);
  if (due) due->link_ = &due;
  while (due) {
    Timer& timer = *due;
    timer.cancel();
    if (timer.deadline_ms_ <= now_ms_) {
      timer.on_timer();
    } else {
      insert(timer);
    }
  }
}

void TimerWheel::advance(std::int64_t now_ms) {
  for (Slot slot = next_slot(); slot.start_ms <= now_ms; slot = next_slot()) {
    now_ms_ = slot.start_ms;
    fire(slot);
  }
  now_ms_ = std::max(now_ms_, now_ms);
}

}  // namespace whirl::net
