#include "transport/websocket/connection.h"

#include <utility>

#include "base/utf8.h"
#include "codec/json.h"
#include "transport/websocket/endpoint.h"

namespace whirl::transport::websocket {
namespace {

constexpr std::uint32_t kConnectionClosed = 3000;  // ends without a word
constexpr std::uint32_t kBadRequest = 3501;
constexpr std::size_t kKeptBuffer = 64 * 1024;
constexpr std::size_t kMaxJoined = 512;

bool is_json_lines(std::string_view text) {
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    if (!codec::is_json(text.substr(0, end))) return false;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return true;
}

}  // namespace

Connection::Connection(Endpoint& endpoint, net::StreamPtr stream, bool json, bool compression)
    : endpoint_(endpoint), stream_(std::move(stream)), json_(json), compression_(compression) {
  stream_->set_handler(this);
}

void Connection::on_data(std::span<char> bytes) {
  if (held_) {
    held_->append(bytes.data(), bytes.size());
  } else {
    read(bytes);
  }
}

void Connection::read(std::span<char> bytes) {
  const MessageReader::Rules rules{endpoint_.options_.max_message, compression_};
  while (!closed_) {
    if (paused_) {
      if (!bytes.empty()) held_ = std::make_unique<std::string>(bytes.data(), bytes.size());
      return;
    }
    MessageReader::Event event = reader_.next(bytes, rules);
    if (event.kind == MessageReader::Kind::need_more) return;
    on_event(event);
  }
}

void Connection::on_event(const MessageReader::Event& event) {
  using Kind = MessageReader::Kind;
  switch (event.kind) {
    case Kind::message:
      return event.compressed ? on_compressed(event.payload) : on_message(event.payload);
    case Kind::ping:
      return send(control_frame(Opcode::pong, event.payload));
    case Kind::pong:
      return session_->on_native_pong();
    case Kind::close:
      flush();
      stream_->write(close_frame(event.code, {}));
      stream_->close_after_flush();
      return finish();
    case Kind::violation:
      return end_with(event.code, event.payload);
    case Kind::need_more:
      return;
  }
}

void Connection::on_message(std::string_view message) {
  if (!json_ || is_utf8(message)) return session_->on_frame(message);
  // Others would get these bytes in text frames, which their clients must not accept. What is not even JSON
  // is a bad request in the first place.
  if (is_json_lines(message)) return end_with(kInvalidPayload, "text is not UTF-8");
  close(kBadRequest, "bad request");
}

void Connection::on_compressed(std::string_view payload) {
  // Taken out for the call: what the session does may bring the next message.
  std::string message = std::exchange(endpoint_.inflated_, {});
  switch (endpoint_.inflater_.inflate(payload, endpoint_.options_.compression.max_inflated, message)) {
    case Inflater::Outcome::ok:
      on_message(message);
      break;
    case Inflater::Outcome::malformed:
      close(kBadRequest, "bad request");
      break;
    case Inflater::Outcome::too_big:
      end_with(kTooBig, "message is too big");
      break;
  }
  if (message.capacity() <= kKeptBuffer) endpoint_.inflated_ = std::move(message);
}

void Connection::send(const SharedBytes& frame) {
  if (closed_) return;
  if (!makes_progress()) return endpoint_.cut_off_later(*this);
  if (compression_ && protocol::is_compressed(frame)) return hold(frame);
  flush();
  write(frame);
}

// A client often gets several small messages in a turn, such as its publication and the reply to it: they
// make one frame. Larger ones stay shared with other clients, which costs less than a copy.
void Connection::hold(const SharedBytes& frame) {
  if (!last_) {
    last_ = frame;
    return endpoint_.flush_later(*this);
  }
  if (last_.size() + frame.size() <= kMaxJoined) {
    last_ = protocol::join_compressed(last_, frame);
  } else {
    write(std::exchange(last_, frame));
  }
}

void Connection::flush() {
  if (last_ && !closed_) write(std::exchange(last_, {}));
}

void Connection::write(SharedBytes frame) {
  queued_ += static_cast<std::uint32_t>(frame.size());
  stream_->write(std::move(frame));
}

bool Connection::makes_progress() {
  auto now_ms = static_cast<std::uint32_t>(endpoint_.loop_.now_ms());
  std::size_t waiting = stream_->outbox_bytes();
  std::uint32_t taken = queued_ - static_cast<std::uint32_t>(waiting);
  if (waiting == 0 || taken != taken_) {
    taken_ = taken;
    taken_at_ms_ = now_ms;
  }
  return now_ms - taken_at_ms_ <= static_cast<std::uint64_t>(endpoint_.options_.write_timeout_ms);
}

void Connection::send_native_ping() {
  send(control_frame(Opcode::ping, {}));
}

void Connection::pause_reading() {
  paused_ = true;
  stream_->pause_reading();
}

void Connection::resume_reading() {
  if (closed_ || !paused_) return;
  paused_ = false;
  if (std::unique_ptr<std::string> held = std::move(held_)) read(*held);
  if (!paused_ && !closed_) stream_->resume_reading();
}

void Connection::close(std::uint32_t code, std::string_view reason) {
  if (closed_) return;
  if (code != kConnectionClosed) return end_with(static_cast<std::uint16_t>(code), reason);
  stream_->close();
  finish();
}

void Connection::end_with(std::uint16_t code, std::string_view reason) {
  flush();
  stream_->write(close_frame(code, reason));
  stream_->close_after_flush();
  if (endpoint_.options_.on_outgoing_close) endpoint_.options_.on_outgoing_close(code);
  finish();
}

void Connection::cut_off() {
  if (closed_) return;
  stream_->close();
  finish();
}

void Connection::on_end() {
  if (closed_) return;
  stream_->close();
  finish();
}

void Connection::finish() {
  closed_ = true;
  last_ = {};
  endpoint_.remove(*this);
  if (session_) session_->on_closed();
}

}  // namespace whirl::transport::websocket
