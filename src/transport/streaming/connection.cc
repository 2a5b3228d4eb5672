#include "transport/streaming/connection.h"

#include <utility>

#include "base/log.h"
#include "codec/arena.h"
#include "codec/json.h"
#include "codec/json_string.h"
#include "http/response.h"
#include "transport/streaming/endpoint.h"

namespace whirl::transport::streaming {
namespace {

/// What proxies and browsers must know of a body that does not end.
constexpr std::string_view kStreamHeaders =
    "X-Accel-Buffering: no\r\n"
    "Cache-Control: private, no-cache, no-store, must-revalidate, max-age=0\r\n"
    "Pragma: no-cache\r\n"
    "Expire: 0\r\n";
constexpr std::string_view kText = "text/plain; charset=utf-8";

std::string_view content_type(const Options& options, bool json) {
  if (options.events) return "text/event-stream; charset=utf-8";
  return json ? kText : "application/octet-stream";
}

}  // namespace

Connection::Connection(Endpoint& endpoint, http::Upgraded upgraded, Head head, bool json)
    : endpoint_(endpoint),
      stream_(std::move(upgraded.stream)),
      head_(std::make_unique<Head>(std::move(head))),
      json_(json),
      multiplexed_(upgraded.multiplexed),
      chunked_(!multiplexed_ && head_->minor_version > 0) {
  stream_->set_handler(this);
}

void Connection::begin(std::shared_ptr<session::Session> session) {
  session_ = std::move(session);
  if (endpoint_.options_.unidirectional || !Uuid::parse(session_->session_id(), id_)) return;
  emulated_ = true;
  endpoint_.sessions_.add(id_, *this);
}

void Connection::begin_response() {
  std::unique_ptr<Head> head = std::move(head_);
  if (!head) return;
  std::string date = endpoint_.date();
  http::send_head(*stream_, multiplexed_,
                  {.content_type = content_type(endpoint_.options_, json_),
                   .extra = head->headers.append(kStreamHeaders),
                   .date = date,
                   .minor_version = head->minor_version,
                   .keep_alive = false});
  // Lets browsers see that it began. With a CRLF in place of the LF, which is the same to them, the npm
  // package eventsource loses the first event if a proxy passes both on together (load_balancing.test.mjs).
  if (endpoint_.options_.events) write(SharedBytes::copy("\n"));
}

bool Connection::on_commands(std::string_view data) {
  if (paused_ && (waiting_ += data.size()) > kMaxWaiting) {
    log::debug("too many commands wait for the replies to earlier ones", {{"addr", stream_->peer_address()}});
    cut_off();
    return true;
  }
  if (!json_) {
    session_->on_frame(data);
    return true;
  }
  if (!codec::is_json(data) || data.front() != '"' || data.back() != '"') return false;
  codec::Arena arena(1024);
  session_->on_frame(codec::json_string_value(data.substr(1, data.size() - 2), arena));
  return true;
}

void Connection::send(const SharedBytes& frame) {
  if (closed_) return;
  const std::int64_t timeout_ms = endpoint_.options_.write_timeout_ms;
  if (!progress_.goes_on(endpoint_.loop_.now_ms(), stream_->outbox_bytes(), timeout_ms)) {
    return endpoint_.cut_off_later(*this);
  }
  begin_response();
  write(frame);
}

void Connection::write(SharedBytes bytes) {
  const std::size_t before = stream_->outbox_bytes();
  if (chunked_) stream_->write(endpoint_.chunk_head(bytes.size()));
  stream_->write(std::move(bytes));
  if (chunked_) stream_->write(endpoint_.chunk_tail_);
  progress_.wrote(stream_->outbox_bytes() - before);
}

void Connection::resume_reading() {
  paused_ = false;
  waiting_ = 0;
}

void Connection::close(std::uint32_t code, std::string_view) {
  if (closed_) return;
  if (head_) {
    answer_failed_connect(code);
  } else if (chunked_) {
    stream_->write(http::kLastChunk);
  }
  stream_->close_after_flush();
  finish();
}

// Only those who want HTTP answers to failed connects have got no head yet.
void Connection::answer_failed_connect(std::uint32_t code) {
  int status = 500;
  std::string_view body = http::status_text(status);
  for (const auto& answer : *endpoint_.options_.connect_answers) {
    if (answer.code != code) continue;
    status = static_cast<int>(answer.to.status_code);
    body = answer.to.body;
    break;
  }
  std::string date = endpoint_.date();
  http::send_head(*stream_, multiplexed_,
                  {.status = status,
                   .content_type = body.empty() ? std::string_view() : kText,
                   .extra = head_->headers,
                   .date = date,
                   .content_length = body.size(),
                   .minor_version = head_->minor_version,
                   .keep_alive = false});
  stream_->write(body);
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

void Connection::finish() {
  closed_ = true;
  if (emulated_) endpoint_.sessions_.remove(id_);
  endpoint_.remove(*this);
  if (session_) session_->on_closed();
}

}  // namespace whirl::transport::streaming
