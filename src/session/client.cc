#include "session/client.h"

#include <utility>

#include "base/log.h"
#include "protocol/errors.h"
#include "session/pushes.h"

namespace whirl::session {

std::shared_ptr<Session> Session::create(Context& context, Connection& connection, ConnectionInfo info) {
  return std::make_shared<Client>(context, connection, std::move(info));
}

Client::Client(Context& context, Connection& connection, ConnectionInfo info)
    : context_(context),
      connection_(connection),
      subscriptions_(*this),
      traffic_(context.metrics.transport(info.transport)),
      emulation_(info.emulation),
      native_ping_(info.native_ping),
      disconnect_push_(info.disconnect_push),
      raw_connect_errors_(info.raw_connect_errors),
      rare_(new Rare) {
  rare_->headers = std::move(info.headers);
  client_id_ = Uuid::random();
  variant_ = info.variant;
  if (emulation_ || variant_.unidirectional) rare_->session_id = Uuid::random().text();
  const std::int64_t delay_ms = settings().client.stale_close_delay.ms();
  if (delay_ms > 0) schedule_.set(Event::stale, context_.loop.now_ms() + delay_ms);
  schedule();
}

Client::~Client() {
  if (!closed()) leave();
}

broker::ClientInfoPtr Client::info(std::string_view chan_info) const {
  return std::make_shared<broker::ClientInfo>(
      broker::ClientInfo{id_text(), user_, std::string(conn_info_.view()), std::string(chan_info)});
}

Client::Rare& Client::rare() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  return *rare_;
}

std::string_view Client::header(std::string_view name) const {
  if (!rare_) return {};
  for (const auto& [key, value] : rare_->headers) {
    if (key == name) return value;
  }
  return {};
}

bool Client::begin_connecting() {
  if (state_ != State::fresh) return false;
  state_ = State::connecting;
  return true;
}

void Client::become(const Identity& identity, ClientLabels labels) {
  labels_ = labels;
  user_ = identity.user;
  if (!identity.info.empty()) conn_info_ = SharedBytes::copy(identity.info);
  expire_at_ = identity.expire_at;
  holds_pushes_ = true;
  registered_ = true;
  hub().add(*this);
  traffic_.accepted(labels_);
}

void Client::went_live() {
  state_ = State::connected;
  schedule_.clear(Event::stale);
  if (expire_at_ > 0) refresh(expire_at_, {});
  if (ping_interval_ms() > 0) schedule_.set(Event::ping, context_.loop.now_ms() + spread(ping_interval_ms()));
  schedule();
  holds_pushes_ = false;
  go_on();
  rare_->headers = {};
  for (auto& [frame, type] : std::exchange(rare_->held, {})) send(frame, type);
  if (rare_->session_id.empty() && !frames_wait()) rare_.reset();
}

void Client::refresh(std::int64_t expire_at, std::string_view info) {
  expire_at_ = expire_at;
  if (!info.empty()) {
    conn_info_ = SharedBytes::copy(info);
    subscriptions_.renew_infos();
  }
  if (expire_at > 0) {
    const std::int64_t delay_ms = expire_at * 1000 - unix_ms() + settings().client.expired_close_delay.ms();
    schedule_.set(Event::expire, context_.loop.now_ms() + delay_ms);
  } else {
    schedule_.clear(Event::expire);
  }
  schedule();
}

void Client::send(const SharedBytes& frame, FrameType type) {
  traffic_.sent(type, variant_.framing, frame.size());
  connection_.send(frame);
  check_queue();
}

void Client::check_queue() {
  const auto limit = static_cast<std::size_t>(settings().client.queue_max_size);
  if (checks_queue_ || connection_.queued_bytes() <= limit) return;
  // Much may be queued in one turn for a client that reads well. Slow is one that still has more than the
  // limit after the queue was flushed, which is at the end of this turn.
  checks_queue_ = true;
  context_.loop.defer([client = weak(), &loop = context_.loop] {
    loop.post([client] {
      auto alive = client.lock();
      if (!alive || alive->closed()) return;
      alive->checks_queue_ = false;
      const auto max = static_cast<std::size_t>(alive->settings().client.queue_max_size);
      if (alive->connection_.queued_bytes() > max) alive->close(protocol::disconnects::slow);
    });
  });
}

void Client::close(const protocol::Disconnect& disconnect) {
  if (closed()) return;
  const auto self = shared_from_this();
  state_ = State::closed;
  log::debug(
      "closing a client's connection",
      {{"client", id_text()}, {"user", user_}, {"code", disconnect.code}, {"reason", disconnect.reason}});
  leave();
  if (disconnect.code != protocol::disconnects::connection_closed.code) {
    metrics().disconnected(disconnect.code);
    if (disconnect_push_) push_disconnect(*this, disconnect);
  }
  connection_.close(disconnect.code, disconnect.reason);
}

bool Client::hands_over(const Refusal& refusal) {
  if (!raw_connect_errors_) return false;
  if (closed()) return true;
  const auto self = shared_from_this();
  state_ = State::closed;
  leave();
  connection_.close(refusal.code, refusal.text);
  return true;
}

void Client::on_stalled() {
  if (!closed()) metrics().disconnected(protocol::disconnects::write_error.code);
}

void Client::on_closed() {
  if (closed()) return;
  const auto self = shared_from_this();
  state_ = State::closed;
  leave();
}

void Client::shutdown() {
  close(protocol::disconnects::shutdown);
}

void Client::leave() {
  net::Timer::cancel();
  subscriptions_.unsubscribe_all();
  if (rare_) {
    rare_->waiting_frames.clear();
    rare_->held.clear();
  }
  if (!std::exchange(registered_, false)) return;
  hub().remove(*this);
  traffic_.connected(labels_, -1);
}

}  // namespace whirl::session
