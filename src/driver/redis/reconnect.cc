#include "driver/redis/reconnect.h"

#include <algorithm>

namespace whirl::driver::redis {
namespace {

Actions find(Reconnect& state) {
  state.phase = Phase::finding;
  return {.find = true};
}

Actions wait(Reconnect& state) {
  state.phase = Phase::waiting;
  ++state.failures;
  return {.wait = true};
}

bool has_link(Phase phase) {
  return phase == Phase::connecting || phase == Phase::up;
}

/// While it looks for the server or waits, a fresh look comes anyway.
Actions renew(Reconnect& state) {
  if (!has_link(state.phase)) return {};
  // A server that never came up is not to be asked again without a pause.
  Actions actions = state.phase == Phase::up ? find(state) : wait(state);
  actions.drop = true;
  return actions;
}

}  // namespace

Actions step(Reconnect& state, Event event) {
  switch (event) {
    case Event::start:
      return state.phase == Phase::idle ? find(state) : Actions{};
    case Event::found:
      if (state.phase != Phase::finding) return {};
      state.phase = Phase::connecting;
      return {.connect = true};
    case Event::not_found:
      return state.phase == Phase::finding ? wait(state) : Actions{};
    case Event::connected:
      if (state.phase != Phase::connecting) return {};
      state.phase = Phase::up;
      state.failures = 0;
      return {.tell_up = true};
    case Event::lost: {
      if (!has_link(state.phase)) return {};
      Actions actions = wait(state);
      actions.drop = true;
      return actions;
    }
    case Event::renew:
      return renew(state);
    case Event::retry_time:
      return state.phase == Phase::waiting ? find(state) : Actions{};
  }
  return {};
}

std::int64_t backoff_ms(int failures, double random) {
  const int doublings = std::clamp(failures - 1, 0, 10);
  const std::int64_t longest = std::min(kMaxBackoffMs, kFirstBackoffMs << doublings);
  return longest - static_cast<std::int64_t>(static_cast<double>(longest) / 2 * random);
}

}  // namespace whirl::driver::redis
