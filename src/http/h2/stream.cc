#include "http/h2/stream.h"

#include <nghttp2/nghttp2.h>
#include <sys/uio.h>

#include <algorithm>
#include <utility>

#include "http/h2/fields.h"

namespace whirl::http::h2 {

Stream::Stream(Session& session, std::int32_t id)
    : MessageStream(session.service_.loop()),
      session_(&session),
      id_(id),
      index_(static_cast<std::uint32_t>(session.streams_.size())),
      request_(std::make_unique<StreamedRequest>(session.service_, session.options_.head, 2)) {
  session.streams_.push_back(this);
  loop_.arm(*this, session.options_.body_timeout_ms);
}

Stream::~Stream() = default;

void Stream::head_received(bool ended) {
  end_received_ = ended;
  auto exchange = std::make_unique<Exchange>();
  exchange->carrier = this;
  exchange_ = exchange.get();
  if (ended) cancel();
  request_->head_complete(std::move(exchange), ended);
  if (ended && taken_ && request_->open_ended()) end_reading();
  forget_request();
}

// What came of a request is of no use once it was handed over or refused.
void Stream::forget_request() {
  if (request_ && request_->done()) request_.reset();
}

void Stream::data_received(std::span<char> bytes) {
  if (taken_ && paused_) {
    held_.append(bytes.data(), bytes.size());
    return session_->consumed(nullptr, bytes.size());
  }
  session_->consumed(this, bytes.size());
  if (taken_) {
    if (handler_) handler_->on_data(bytes);
  } else if (request_) {
    request_->body({bytes.data(), bytes.size()});
    forget_request();
  }
}

void Stream::end_received() {
  end_received_ = true;
  if (taken_) return end_reading();
  if (lingers_ && end_is_sent_) cancel();
  if (!request_) return;
  cancel();
  request_->end();
  forget_request();
}

// Tells the handler that nothing more comes, once it has got what did.
void Stream::end_reading() {
  if (!held_.empty()) return;
  if (std::exchange(end_told_, true)) return;
  if (handler_) handler_->on_end();
}

void Stream::closed_by_session() {
  if (!session_) return;
  session_->remove(*this);
  session_ = nullptr;
  takes_writes_ = false;
  closed_ = true;
  outbox_.clear();
  cancel();
  if (exchange_) exchange_->carrier = nullptr;
  exchange_ = nullptr;
  held_.clear();
  if (!taken_) return destroy_if_unused();
  if (handler_) handler_->on_end();
}

std::ptrdiff_t Stream::next_piece(std::size_t most, bool& last) {
  const std::size_t waiting = outbox_bytes();
  if (waiting == 0 && !ending_) {
    deferred_ = true;
    return -1;
  }
  last = ending_ && waiting <= most;
  return static_cast<std::ptrdiff_t>(std::min(waiting, most));
}

void Stream::take_piece(std::size_t size, std::string& out) {
  std::size_t missing = size;
  while (missing > 0) {
    iovec parts[16];
    const std::size_t count = outbox_.gather(parts);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count && taken < missing; ++i) {
      const std::size_t take = std::min(parts[i].iov_len, missing - taken);
      out.append(static_cast<const char*>(parts[i].iov_base), take);
      taken += take;
    }
    outbox_.consume(taken);
    missing -= taken;
  }
}

// A client that still sends what nobody wants is told to stop.
void Stream::end_sent() {
  end_is_sent_ = true;
  if (!end_received_ && !lingers_) reset(NGHTTP2_NO_ERROR);
}

void Stream::submit_head(const ResponseHead& head, bool with_body) {
  if (!session_ || std::exchange(head_sent_, true)) return;
  session_->submit_head(*this, fields_of(head), with_body);
}

void Stream::answer(Exchange& exchange, int status, std::string_view content_type, std::string_view body) {
  exchange_ = nullptr;
  session_->service_.tell_of_answer(exchange, status);
  loop_.arm(*this, session_->options_.body_timeout_ms);
  const bool with_body = !exchange.head_only && !body.empty();
  if (with_body) {
    write(body);
    ending_ = true;
    takes_writes_ = false;
  }
  submit_head({.status = status,
               .content_type = content_type,
               .extra = exchange.headers,
               .date = session_->service_.date(),
               .content_length = body.size()},
              with_body);
}

Upgraded Stream::release() {
  session_->service_.tell_of_answer(*exchange_, 200);
  exchange_ = nullptr;
  cancel();
  taken_ = true;
  return {.stream = net::StreamPtr(this), .early = {}, .multiplexed = true};
}

void Stream::send_head(const ResponseHead& head) {
  submit_head(head, true);
}

void Stream::resume_reading() {
  paused_ = false;
  if (!held_.empty()) loop_.at_end_of_turn(this);
}

void Stream::on_turn_end() {
  if (!held_.empty() && !paused_) {
    std::string held = std::exchange(held_, {});
    if (session_) session_->consume_stream(*this, held.size());
    if (handler_) handler_->on_data(held);
    if (end_received_) end_reading();
  }
  if (session_ && deferred_ && (!outbox_.empty() || ending_)) {
    deferred_ = false;
    session_->resume(*this);
  }
}

void Stream::close() {
  handler_ = nullptr;
  takes_writes_ = false;
  closed_ = true;
  outbox_.clear();
  held_.clear();
  if (session_) reset(NGHTTP2_CANCEL);
}

void Stream::close_after_flush() {
  if (!session_ || ending_) return;
  if (!head_sent_) return close();
  handler_ = nullptr;
  takes_writes_ = false;
  ending_ = true;
  lingers_ = true;
  paused_ = false;
  if (!held_.empty()) session_->consume_stream(*this, std::exchange(held_, {}).size());
  loop_.arm(*this, kLingerMs);
  loop_.at_end_of_turn(this);
}

// The rest of a request did not come, or the client does not take the answer, or does not end its side.
void Stream::on_timer() {
  reset(end_is_sent_ ? NGHTTP2_NO_ERROR : NGHTTP2_CANCEL);
}

void Stream::reset(std::uint32_t code) {
  if (session_) session_->reset(*this, code);
}

void Stream::drop() {
  taken_ = false;
  if (!ending_) close();
  handler_ = nullptr;
  destroy_if_unused();
}

void Stream::destroy_if_unused() {
  if (!session_ && !taken_) loop_.destroy_later(std::unique_ptr<Stream>(this));
}

std::string Stream::socket_address() const {
  return session_ ? session_->wire_.peer_address() : "";
}

}  // namespace whirl::http::h2
