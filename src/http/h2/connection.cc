#include "http/h2/connection.h"

#include <utility>

#include "http/h2/connections.h"

namespace whirl::http::h2 {

Connection::Connection(Connections& owner, net::StreamPtr stream)
    : owner_(owner), stream_(std::move(stream)), session_(owner.service_, owner.options_, *this) {
  stream_->set_handler(this);
  watch_client();
}

void Connection::output_waits() {
  if (!gone_) owner_.service_.loop().at_end_of_turn(this);
}

void Connection::on_data(std::span<char> bytes) {
  session_.receive(bytes);
}

void Connection::on_end() {
  close();
}

void Connection::on_drained() {
  if (std::exchange(paused_, false)) stream_->resume_reading();
  output_waits();
}

// The socket sends after this, in the same turn; so an outbox that is full twice is waiting for the client.
void Connection::on_turn_end() {
  if (gone_) return;
  const std::size_t queued = stream_->outbox_bytes();
  if (queued >= kMaxQueued) {
    if (!std::exchange(full_, true)) return output_waits();
    if (!std::exchange(paused_, true)) stream_->pause_reading();
    return;
  }
  full_ = false;
  if (session_.send(kMaxQueued - queued)) output_waits();
  if (session_.over()) {
    stream_->close_after_flush();
    return finish();
  }
  if (idle_ == (session_.streams() == 0)) return;
  idle_ = !idle_;
  watch_client();
}

void Connection::watch_client() {
  const Options& options = owner_.options_;
  pinged_ = false;
  frames_seen_ = session_.frames();
  const std::int64_t wait_ms =
      idle_ && options.idle_timeout_ms > 0 ? options.idle_timeout_ms : options.ping_after_ms;
  if (wait_ms == 0) return cancel();
  owner_.service_.loop().arm(*this, wait_ms);
}

void Connection::on_timer() {
  if (idle_ && owner_.options_.idle_timeout_ms > 0) return session_.shutdown();
  if (session_.frames() != frames_seen_) return watch_client();
  if (pinged_) return close();
  pinged_ = true;
  session_.ping();
  owner_.service_.loop().arm(*this, owner_.options_.ping_timeout_ms);
}

void Connection::close() {
  stream_->close();
  finish();
}

void Connection::finish() {
  if (std::exchange(gone_, true)) return;
  cancel();
  owner_.remove(*this);
}

}  // namespace whirl::http::h2
