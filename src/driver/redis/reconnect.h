#pragma once
#include <cstdint>

namespace whirl::driver::redis {

/// When to look for the server, to connect and to wait: a state machine without I/O. Whoever owns a
/// connection feeds it what happened and does what it says.
enum class Phase : std::uint8_t {
  idle,        ///< nothing was asked for yet
  finding,     ///< asking where the server is
  connecting,  ///< includes the introduction
  up,
  waiting,  ///< before another attempt
};

enum class Event : std::uint8_t {
  start,
  found,
  not_found,
  connected,
  lost,   ///< the connection, or the attempt to connect, failed
  renew,  ///< it looks healthy but is of no use: begin anew with a fresh look where the server is
  retry_time,
};

/// What is to be done, in the order of the members.
struct Actions {
  bool drop = false;     ///< close the connection, or give up the attempt
  bool tell_up = false;  ///< commands may be sent
  bool find = false;
  bool connect = false;
  bool wait = false;  ///< come back with retry_time after backoff_ms()
};

struct Reconnect {
  Phase phase = Phase::idle;
  int failures = 0;  ///< in a row
};

Actions step(Reconnect& state, Event event);

/// How long to wait after so many failures in a row: doubling from kFirstBackoffMs to kMaxBackoffMs, of which
/// `random` (from 0 to 1) takes up to a half, so that many nodes do not come back in one moment.
inline constexpr std::int64_t kFirstBackoffMs = 50;
inline constexpr std::int64_t kMaxBackoffMs = 2000;
std::int64_t backoff_ms(int failures, double random);

}  // namespace whirl::driver::redis
