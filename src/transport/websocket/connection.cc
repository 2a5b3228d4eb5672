#include "transport/websocket/connection.h"

#include <utility>

#include "base/utf8.h"
#include "codec/json.h"
#include "transport/connect_request.h"
#include "transport/websocket/endpoint.h"

namespace whirl::transport::websocket {
namespace {

constexpr std::uint32_t kConnectionClosed = 3000;  // ends without a word
constexpr std::uint32_t kBadRequest = 3501;
constexpr std::size_t kKeptBuffer = 64 * 1024;
constexpr std::size_t kMaxJoined = 512;
// Of more pings that come together only the last one gets an answer.
constexpr std::size_t kPongsPerRead = 32;
constexpr std::size_t kMaxBehindPong = 64 * 1024;

bool is_text(const SharedBytes& frame) {
  return frame.view().front() == static_cast<char>(0x80 | static_cast<unsigned>(Opcode::text));
}

/// Two text frames as one, with the message of each on a line.
SharedBytes join_text(const SharedBytes& first, const SharedBytes& second) {
  std::string text(first.view().substr(read_head(first.view())->size));
  text += '\n';
  text += second.view().substr(read_head(second.view())->size);
  return protocol::frame(protocol::Framing::websocket_text, text);
}

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
  std::size_t pings = 0;
  std::string last_ping;
  while (!closed_) {
    if (paused_) {
      if (!bytes.empty()) held_ = std::make_unique<std::string>(bytes.data(), bytes.size());
      break;
    }
    MessageReader::Event event = reader_.next(bytes, rules);
    if (event.kind == MessageReader::Kind::need_more) break;
    if (event.kind == MessageReader::Kind::ping && ++pings > kPongsPerRead) {
      last_ping = event.payload;
    } else {
      on_event(event);
    }
  }
  if (pings > kPongsPerRead) pong(last_ping);
}

// A client that does not read gets no pongs either, so that they need no bound of their own.
void Connection::pong(std::string_view payload) {
  if (stream_->outbox_bytes() <= kMaxBehindPong) send(control_frame(Opcode::pong, payload));
}

void Connection::on_event(const MessageReader::Event& event) {
  using Kind = MessageReader::Kind;
  switch (event.kind) {
    case Kind::message:
      return event.compressed ? on_compressed(event.payload) : on_message(event.payload);
    case Kind::ping:
      return pong(event.payload);
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

void Connection::on_request(std::string_view request) {
  if (requested_) return;
  requested_ = true;
  if (!is_connect_request(request)) return end_with(kBadRequest, "bad request");
  session_->on_connect_request(request);
}

void Connection::on_message(std::string_view message) {
  if (endpoint_.options_.unidirectional) return on_request(message);
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
  const std::int64_t timeout_ms = endpoint_.options_.write_timeout_ms;
  if (!progress_.goes_on(endpoint_.loop_.now_ms(), stream_->outbox_bytes(), timeout_ms)) {
    return endpoint_.cut_off_later(*this);
  }
  if (may_join(frame)) return hold(frame);
  flush();
  write(frame);
}

bool Connection::may_join(const SharedBytes& frame) const {
  const bool compressed = compression_ && protocol::is_compressed(frame);
  if (!endpoint_.options_.unidirectional) return compressed;
  return endpoint_.options_.join_messages && (compressed || is_text(frame));
}

// A client often gets several small messages in a turn, such as its publication and the reply to it: they
// make one frame. Larger ones stay shared with other clients, which costs less than a copy.
void Connection::hold(const SharedBytes& frame) {
  if (!last_) {
    last_ = frame;
    return endpoint_.flush_later(*this);
  }
  const bool compressed = protocol::is_compressed(frame);
  if (last_.size() + frame.size() <= kMaxJoined && protocol::is_compressed(last_) == compressed) {
    last_ = compressed ? protocol::join_compressed(last_, frame) : join_text(last_, frame);
  } else {
    write(std::exchange(last_, frame));
  }
}

void Connection::flush() {
  if (last_ && !closed_) write(std::exchange(last_, {}));
}

void Connection::write(SharedBytes frame) {
  progress_.wrote(frame.size());
  stream_->write(std::move(frame));
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
  if (code == kConnectionClosed) return cut_off();
  end_with(static_cast<std::uint16_t>(code), reason);
}

void Connection::end_with(std::uint16_t code, std::string_view reason) {
  flush();
  if (endpoint_.options_.close_frame) {
    stream_->write(close_frame(code, reason));
    if (endpoint_.options_.on_outgoing_close) endpoint_.options_.on_outgoing_close(code);
  }
  stream_->close_after_flush();
  finish();
}

void Connection::give_up() {
  if (!closed_) session_->on_stalled();
  cut_off();
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
