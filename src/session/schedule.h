#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace whirl::session {

/// What a session waits for in time. Of two that are due at once the one named first comes first.
enum class Event : std::uint8_t {
  stale,     ///< no successful connect came
  expire,    ///< the connection's credentials run out
  presence,  ///< the periodic look at the subscriptions
  ping,      ///< time to send a ping
  pong,      ///< the answer to the last ping is late
};

/// When each of a session's events is due, so that one timer can serve them all. Times are milliseconds of
/// the loop's clock.
class Schedule {
 public:
  struct Next {
    Event event = Event::stale;
    std::int64_t at_ms = 0;
  };

  void set(Event event, std::int64_t at_ms) { at(event) = at_ms; }
  void clear(Event event) { at(event) = kUnset; }
  bool waits_for(Event event) const { return due_[static_cast<std::size_t>(event)] != kUnset; }

  /// The earliest event; false if nothing is waited for.
  bool next(Next& out) const {
    std::size_t first = kEvents;
    for (std::size_t i = 0; i < kEvents; ++i) {
      if (due_[i] != kUnset && (first == kEvents || due_[i] < due_[first])) first = i;
    }
    if (first == kEvents) return false;
    out = {static_cast<Event>(first), due_[first]};
    return true;
  }

 private:
  static constexpr std::size_t kEvents = 5;
  static constexpr std::int64_t kUnset = 0;

  std::int64_t& at(Event event) { return due_[static_cast<std::size_t>(event)]; }

  std::array<std::int64_t, kEvents> due_{};
};

}  // namespace whirl::session
