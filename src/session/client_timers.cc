#include <algorithm>

#include "protocol/errors.h"
#include "session/client.h"
#include "session/pushes.h"

namespace whirl::session {

/// The first of a row of periodic events comes between half an interval and a whole one, so that clients
/// which connected together do not stay together.
std::int64_t Client::spread(std::int64_t interval_ms) {
  const std::int64_t half = interval_ms / 2;
  if (half == 0) return interval_ms;
  return half + std::uniform_int_distribution<std::int64_t>(0, half - 1)(context_.random);
}

void Client::schedule() {
  Schedule::Next next;
  if (closed() || !schedule_.next(next)) return net::Timer::cancel();
  context_.loop.timers().arm(*this, next.at_ms);
}

void Client::on_timer() {
  const auto self = shared_from_this();
  Schedule::Next next;
  while (!closed() && schedule_.next(next) && next.at_ms <= context_.loop.now_ms()) {
    schedule_.clear(next.event);
    fire(next.event);
  }
  schedule();
}

void Client::fire(Event event) {
  switch (event) {
    case Event::stale:
      return close(protocol::disconnects::stale);
    case Event::expire:
      return on_expire();
    case Event::presence:
      return on_presence();
    case Event::ping:
      return on_ping();
    case Event::pong:
      // Clients of native pings are tools that know nothing of our codes.
      return close(native_ping_ ? protocol::disconnects::connection_closed : protocol::disconnects::no_pong);
  }
}

void Client::on_expire() {
  if (expire_at_ > 0 && expire_at_ <= unix_seconds()) close(protocol::disconnects::expired);
}

void Client::watch_subscriptions() {
  const std::int64_t interval_ms = settings().client.presence_update_interval.ms();
  if (interval_ms <= 0 || schedule_.waits_for(Event::presence) || !subscriptions_.need_ticks()) return;
  schedule_.set(Event::presence, context_.loop.now_ms() + spread(interval_ms));
  schedule();
}

void Client::on_presence() {
  const std::int64_t interval_ms = settings().client.presence_update_interval.ms();
  subscriptions_.tick();
  if (closed() || interval_ms <= 0 || !subscriptions_.need_ticks()) return;
  schedule_.set(Event::presence, context_.loop.now_ms() + interval_ms);
}

std::int64_t Client::ping_interval_ms() const {
  return settings().client.ping_interval.ms();
}

std::uint32_t Client::announced_ping_s() const {
  if ((native_ping_ && !variant_.unidirectional) || ping_interval_ms() <= 0) return 0;
  return static_cast<std::uint32_t>(settings().client.ping_interval.seconds());
}

bool Client::announces_pong() const {
  return !native_ping_ && !variant_.unidirectional && settings().client.pong_timeout.ms() > 0;
}

void Client::on_ping() {
  if (native_ping_) connection_.send_native_ping();
  // A unidirectional client gets both: what reads the pushes may not see native pings.
  if (!native_ping_ || variant_.unidirectional) push_ping(*this);
  if (closed()) return;
  awaits_pong_ = true;
  pinged_at_ms_ = context_.loop.now_ms();
  const bool answers = native_ping_ || !variant_.unidirectional;
  const std::int64_t pong_ms = answers ? settings().client.pong_timeout.ms() : 0;
  if (pong_ms > 0) schedule_.set(Event::pong, pinged_at_ms_ + pong_ms);
  if (ping_interval_ms() > 0) schedule_.set(Event::ping, pinged_at_ms_ + ping_interval_ms());
}

}  // namespace whirl::session
