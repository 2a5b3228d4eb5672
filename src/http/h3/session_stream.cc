#include "http/h3/session_stream.h"

#include <utility>

#include "http/h3/request_stream.h"
#include "http/h3/session.h"

namespace whirl::http::h3 {

SessionStream::SessionStream(net::Loop& loop, RequestStream& request)
    : WebTransportStream(loop), request_(&request) {}

SessionStream::~SessionStream() {
  close();
}

void SessionStream::drop() {
  close();
  loop_.destroy_later(std::unique_ptr<SessionStream>(this));
}

RequestStream* SessionStream::detach() {
  takes_writes_ = false;
  handler_ = nullptr;
  return std::exchange(request_, nullptr);
}

void SessionStream::send_head(const ResponseHead& head) {
  if (request_) request_->send_head(head);
}

void SessionStream::set_trailers(std::string_view lines) {
  if (request_) request_->set_trailers(lines);
}

void SessionStream::close() {
  if (RequestStream* request = detach()) request->abandon();
  outbox_.clear();
}

void SessionStream::close_after_flush() {
  if (!request_) return;
  if (request_->is_web_transport()) return close_session(0, "");
  request_->finish();
  detach();
}

void SessionStream::close_session(std::uint32_t code, std::string_view reason) {
  if (!request_) return;
  request_->end_web_transport(code, reason);
  detach();
}

void SessionStream::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  // Not from within what the handler does.
  resumed_ = true;
  loop_.at_end_of_turn(this);
}

std::string SessionStream::socket_address() const {
  return request_ ? request_->peer_address() : "";
}

void SessionStream::received(std::span<char> bytes) {
  if (handler_) handler_->on_data(bytes);
}

void SessionStream::ended(bool over) {
  net::StreamHandler* handler = handler_;
  if (over) {
    detach();
    outbox_.clear();
  }
  if (handler && !std::exchange(ended_, true)) handler->on_end();
}

SharedBytes SessionStream::next() {
  if (outbox_.empty()) return {};
  SharedBytes bytes = outbox_.pop();
  if (!outbox_.empty()) return bytes;
  if (std::exchange(waited_, false)) {
    // Not from within the writing of a packet.
    drained_ = true;
    loop_.at_end_of_turn(this);
  }
  return bytes;
}

void SessionStream::on_turn_end() {
  if (std::exchange(resumed_, false) && !paused_ && request_) request_->resume_reading();
  if (std::exchange(drained_, false) && handler_) handler_->on_drained();
  if (!request_ || outbox_.empty()) return;
  waited_ = true;
  request_->wants_to_send();
}

}  // namespace whirl::http::h3
