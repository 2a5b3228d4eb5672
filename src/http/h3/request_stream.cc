#include "http/h3/request_stream.h"

#include <utility>

#include "base/log.h"
#include "http/h3/fields.h"
#include "http/h3/session.h"
#include "http/web_transport.h"

namespace whirl::http::h3 {
namespace {

// Bytes that are taken from a stream's outbox ahead of the packets that they go into.
constexpr std::size_t kAhead = 16 * 1024;

}  // namespace

RequestStream::RequestStream(Session& session, std::int64_t id, std::int64_t begun_ms)
    : session_(session),
      id_(id),
      begun_ms_(begun_ms),
      request_(session.service(), session.limits(), kVersion) {}

RequestStream::~RequestStream() {
  let_go();
}

void RequestStream::head_complete(bool ended) {
  auto exchange = std::make_unique<Exchange>();
  exchange->carrier = this;
  exchange_ = exchange.get();
  client_done_ = ended;
  request_.head_complete(std::move(exchange), ended);
  if (state_ == State::incoming && request_.done()) state_ = State::serving;
}

void RequestStream::body(std::string_view bytes) {
  if (web_transport_) {
    const CapsuleReader::State session = capsules_.feed(bytes);
    session_.consumed(id_, bytes.size());
    if (session == CapsuleReader::State::open) return;
    log::debug("WebTransport session ended by the client",
               {{"addr", peer_address()}, {"code", capsules_.code()}, {"reason", capsules_.reason()}});
    client_left();
    return abandon();
  }
  if (stream_) {
    held_ += bytes;
    return deliver();
  }
  session_.consumed(id_, bytes.size());
  request_.body(bytes);
  if (state_ == State::incoming && request_.done()) state_ = State::serving;
}

void RequestStream::end() {
  client_done_ = true;
  if (state_ == State::incoming) {
    state_ = State::serving;
    return request_.end();
  }
  // A WebTransport session lives as long as both sides of its request.
  if (web_transport_ && stream_) {
    client_left();
    return abandon();
  }
  if (stream_) deliver();
}

void RequestStream::deliver() {
  if (stream_->paused()) return;
  std::string bytes = std::exchange(held_, {});
  if (!bytes.empty()) {
    session_.consumed(id_, bytes.size());
    stream_->received(bytes);
  }
  if (client_done_ && held_.empty() && stream_ && !stream_->paused()) stream_->ended(false);
}

void RequestStream::resume_reading() {
  if (web_transport_) return session_.resume_channel(channel);
  if (!held_.empty() || client_done_) deliver();
}

void RequestStream::let_go() {
  state_ = State::answered;
  if (Exchange* exchange = std::exchange(exchange_, nullptr)) exchange->carrier = nullptr;
  if (SessionStream* stream = std::exchange(stream_, nullptr)) stream->ended(true);
}

void RequestStream::client_left() {
  out_.end();
  let_go();
}

void RequestStream::answer(Exchange& exchange, int status, std::string_view content_type,
                           std::string_view body) {
  exchange_ = nullptr;
  state_ = State::answered;
  session_.service().tell_of_answer(exchange, status);
  out_.push(SharedBytes::copy(exchange.head_only ? std::string_view() : body));
  out_.end();
  send_head({.status = status,
             .content_type = content_type,
             .extra = exchange.headers,
             .date = session_.service().date(),
             .content_length = body.size()});
  // An answer that comes before the end of the request makes the rest of that useless.
  if (!client_done_) session_.stop_reading(id_, kNoError);
}

Upgraded RequestStream::release() {
  Exchange* exchange = std::exchange(exchange_, nullptr);
  if (!exchange) return {};
  session_.service().tell_of_answer(*exchange, 200);
  web_transport_ = session_.service().request().protocol == kWebTransport;
  state_ = State::stream;
  stream_ = new SessionStream(session_.service().loop(), *this);
  Upgraded out;
  out.stream.reset(stream_);
  out.multiplexed = true;
  return out;
}

void RequestStream::send_head(const ResponseHead& head) {
  if (std::exchange(head_sent_, true)) return;
  Fields fields;
  fields.add(":status", std::to_string(head.status));
  if (!head.content_type.empty()) fields.add("content-type", head.content_type);
  if (!head.date.empty()) fields.add("date", head.date);
  if (head.content_length) fields.add("content-length", std::to_string(*head.content_length));
  fields.add_lines(head.extra);
  session_.submit(id_, fields);
}

std::string RequestStream::peer_address() const {
  return session_.peer_address();
}

void RequestStream::wants_to_send() {
  session_.wants_to_send(*this);
}

void RequestStream::fill(SendQueue& queue) {
  while (stream_ && queue.unsent() < kAhead) {
    SharedBytes bytes = stream_->next();
    if (!bytes) return;
    queue.push(std::move(bytes));
  }
}

void RequestStream::finish() {
  while (SharedBytes bytes = stream_->next()) out_.push(std::move(bytes));
  out_.end();
  stream_ = nullptr;
  state_ = State::answered;
  if (!client_done_) session_.stop_reading(id_, kNoError);
  session_.wants_to_send(*this);
}

void RequestStream::abandon() {
  stream_ = nullptr;
  state_ = State::answered;
  abandoned_ = true;
  session_.give_up(id_);
  if (channel >= 0) session_.give_up(channel);
}

void RequestStream::end_web_transport(std::uint32_t code, std::string_view reason) {
  if (channel >= 0) session_.end_channel(channel, *stream_);
  stream_ = nullptr;
  state_ = State::answered;
  farewell_ = close_capsule(code, reason);
  farewell_at_ms_ = session_.service().loop().now_ms() + Session::kFarewellMs;
  if (channel < 0) return say_farewell();
  if (session_.channel_arrived(channel)) channel_arrived();
}

void RequestStream::channel_arrived() {
  if (farewell_.empty()) return;
  farewell_at_ms_ = session_.service().loop().now_ms() + Session::kReadMs;
  session_.check_in(Session::kReadMs);
}

void RequestStream::channel_closed() {
  if (!stream_) return;
  client_left();
  abandon();
}

void RequestStream::say_farewell() {
  if (farewell_.empty()) return;
  out_.push(SharedBytes::copy(std::exchange(farewell_, {})));
  out_.end();
  session_.stop_reading(id_, kNoError);
  session_.wants_to_send(*this);
}

void RequestStream::check_timeout(std::int64_t now_ms) {
  const std::int64_t age_ms = now_ms - begun_ms_;
  const bool without_channel = web_transport_ && state_ == State::stream && channel < 0;
  const bool too_slow = (state_ == State::incoming && age_ms >= Session::kRequestTimeoutMs) ||
                        (without_channel && age_ms >= Session::kChannelTimeoutMs);
  if (too_slow) {
    client_left();
    return abandon();
  }
  if (farewell_.empty()) return;
  const std::int64_t wait_ms = farewell_at_ms_ - now_ms;
  if (wait_ms <= 0) return say_farewell();
  if (wait_ms <= Session::kReadMs) session_.check_in(wait_ms);
}

}  // namespace whirl::http::h3
