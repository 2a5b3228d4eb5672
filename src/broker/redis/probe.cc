#include "broker/redis/probe.h"

namespace whirl::broker::redis {

Probe::Step Probe::step(std::int64_t now_ms) {
  if (state_ == State::sent && now_ms - sent_ms_ >= timeout_ms_) {
    state_ = State::idle;
    last_ms_ = now_ms;
    return Step::lost;
  }
  if (state_ != State::idle || now_ms - last_ms_ < kEveryMs) return Step::nothing;
  state_ = State::sending;
  last_ms_ = now_ms;
  return Step::send;
}

void Probe::on_sent(std::int64_t now_ms) {
  if (state_ != State::sending) return;
  state_ = State::sent;
  sent_ms_ = now_ms;
}

void Probe::restart(std::int64_t now_ms) {
  state_ = State::idle;
  last_ms_ = now_ms - kEveryMs;
}

}  // namespace whirl::broker::redis
