#include "transport/webtransport/connection.h"

#include <utility>

#include "base/log.h"
#include "transport/webtransport/endpoint.h"

namespace whirl::transport::webtransport {
namespace {

// What clients are told that sent what is no message; they may come again.
constexpr std::uint32_t kConnectionClosed = 3000;
constexpr std::string_view kConnectionClosedReason = "connection closed";

}  // namespace

Connection::Connection(Endpoint& endpoint, net::StreamPtr stream, session::ConnectionInfo info)
    : endpoint_(endpoint),
      stream_(std::move(stream)),
      info_(std::make_unique<session::ConnectionInfo>(std::move(info))),
      cutter_(info_->variant.encoding, endpoint.options_.max_message) {
  stream_->set_handler(this);
}

http::WebTransportStream& Connection::stream() {
  return static_cast<http::WebTransportStream&>(*stream_);
}

void Connection::begin(std::string_view headers) {
  stream().send_head({.status = 200, .extra = headers});
}

void Connection::on_data(std::span<char> bytes) {
  if (closed_) return;
  if (!session_) {
    session_ = endpoint_.make_session_(*this, std::move(*info_));
    info_.reset();
    if (endpoint_.closing_ && !closed_) session_->shutdown();
    if (closed_) return;
  }
  const MessageCutter::State state = cutter_.feed({bytes.data(), bytes.size()});
  if (!cutter_.messages().empty()) session_->on_frame(cutter_.messages());
  if (closed_ || state == MessageCutter::State::ok) return;
  log::debug("a WebTransport client sent what cannot be a message",
             {{"addr", stream_->peer_address()}, {"too_big", state == MessageCutter::State::too_big}});
  close(kConnectionClosed, kConnectionClosedReason);
}

void Connection::send(const SharedBytes& frame) {
  if (closed_) return;
  const std::int64_t timeout_ms = endpoint_.options_.write_timeout_ms;
  if (!progress_.goes_on(endpoint_.loop_.now_ms(), stream_->outbox_bytes(), timeout_ms)) {
    return endpoint_.cut_off_later(*this);
  }
  progress_.wrote(frame.size());
  stream_->write(frame);
}

void Connection::pause_reading() {
  stream_->pause_reading();
}

void Connection::resume_reading() {
  if (!closed_) stream_->resume_reading();
}

void Connection::close(std::uint32_t code, std::string_view reason) {
  if (closed_) return;
  if (endpoint_.options_.on_outgoing_close) endpoint_.options_.on_outgoing_close(code);
  stream().close_session(code, reason);
  finish();
}

void Connection::shutdown() {
  if (session_) return session_->shutdown();
  cut_off();
}

void Connection::give_up() {
  if (!closed_ && session_) session_->on_stalled();
  cut_off();
}

void Connection::cut_off() {
  if (closed_) return;
  stream_->close();
  finish();
}

void Connection::finish() {
  closed_ = true;
  endpoint_.remove(*this);
  if (session_) session_->on_closed();
}

}  // namespace whirl::transport::webtransport
