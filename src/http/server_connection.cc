#include "http/server_connection.h"

#include <utility>

#include "base/log.h"
#include "http/response.h"
#include "http/server.h"

namespace whirl::http {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\n";

}  // namespace

ServerConnection::ServerConnection(Server& server, net::StreamPtr stream)
    : server_(server), stream_(std::move(stream)) {
  stream_->set_handler(this);
  server_.loop_.arm(*this, server_.options_.head_timeout_ms);
}

ServerConnection::~ServerConnection() {
  state_ = State::gone;
  if (waits_turn_) server_.loop_.forget(this);
  if (exchange_) exchange_->carrier = nullptr;
}

ServerConnection::Incoming& ServerConnection::incoming() {
  if (!incoming_) incoming_ = std::make_unique<Incoming>();
  return *incoming_;
}

void ServerConnection::on_data(std::span<char> data) {
  std::string_view bytes(data.data(), data.size());
  bool first_bytes = state_ == State::head && !incoming_;
  if (first_bytes) server_.loop_.arm(*this, server_.options_.head_timeout_ms);
  if (state_ == State::answering || (incoming_ && state_ == State::head)) {
    incoming().bytes.append(bytes);
    if (state_ == State::head && !waits_turn_) return resume();
    pause_if_full();
  } else {
    consume(bytes);
  }
}

// For a state in which what is kept will be gone through later.
void ServerConnection::pause_if_full() {
  if (incoming_->bytes.size() < kMaxPipelined) return;
  paused_ = true;
  stream_->pause_reading();
}

// Goes on with the bytes that were kept.
void ServerConnection::resume() {
  if (state_ != State::head || !incoming_ || waits_turn_) return;
  std::string bytes = std::move(incoming_->bytes);
  incoming_->bytes.clear();
  consume(bytes);
  if (state_ == State::gone) return;
  if (paused_ && (!incoming_ || incoming_->bytes.size() < kMaxPipelined)) {
    paused_ = false;
    stream_->resume_reading();
  }
}

void ServerConnection::consume(std::string_view bytes) {
  consuming_ = true;
  bool stuck = false;
  bool gave_way = false;
  int requests = 0;
  while (!bytes.empty() && !stuck && (state_ == State::head || state_ == State::body)) {
    gave_way = state_ == State::head && gives_way(++requests);
    if (gave_way) break;
    std::size_t used = state_ == State::head ? begin_request(bytes) : feed_body(bytes);
    stuck = used == 0;
    bytes.remove_prefix(used);
  }
  consuming_ = false;
  if (state_ == State::gone) return;
  if (!bytes.empty()) {
    incoming().bytes.append(bytes);
    if (gave_way) pause_if_full();
  } else if (state_ == State::head) {
    incoming_.reset();
  }
}

// Returns the bytes taken: the head, and the body if it is there as a whole.
std::size_t ServerConnection::begin_request(std::string_view bytes) {
  std::size_t head_size = 0;
  if (incoming_) {
    head_size = incoming_->scanner.find_end(bytes);
  } else {
    HeadScanner scanner;
    head_size = scanner.find_end(bytes);
    if (head_size == 0) incoming().scanner = scanner;
  }
  if (head_size == 0) {
    if (bytes.size() > server_.options_.head.bytes) refuse({431, ""});
    return 0;
  }
  if (server_.http2_ && bytes.starts_with(kHttp2Preface)) {
    speak_http2(bytes);
    return bytes.size();
  }
  if (incoming_) incoming_->scanner = {};
  Request& request = server_.service_.request();
  if (Refusal refusal = parse_head(bytes.substr(0, head_size), server_.options_.head, request)) {
    refuse(refusal);
    return head_size;
  }
  bool complete = !request.chunked && request.content_length <= bytes.size() - head_size;
  std::size_t size = head_size + (complete ? static_cast<std::size_t>(request.content_length) : 0);
  behind_ = bytes.substr(size);
  admit(bytes.substr(0, size), head_size, make_responder(complete));
  behind_ = {};
  return size;
}

void ServerConnection::speak_http2(std::string_view bytes) {
  std::string early(bytes);
  net::StreamPtr stream = std::move(stream_);
  if (paused_) stream->resume_reading();
  finish();
  server_.http2_->accept(std::move(stream), early);
}

Responder ServerConnection::make_responder(bool body_complete) {
  const Request& request = server_.service_.request();
  auto exchange = std::make_unique<Exchange>();
  exchange->carrier = this;
  exchange->minor_version = request.minor_version;
  exchange->head_only = request.method == "HEAD";
  // An answer that comes before the body was read leaves the connection in the middle of a request.
  exchange->keep_alive = request.keep_alive && body_complete;
  exchange_ = exchange.get();
  return Responder(std::move(exchange));
}

// `bytes`: the head and what is here of the body, if that is all of it.
void ServerConnection::admit(std::string_view bytes, std::size_t head_size, Responder responder) {
  Request& request = server_.service_.request();
  Route* route = server_.service_.admit(request, responder);
  if (!route) return;
  bool complete = !request.chunked && bytes.size() - head_size == request.content_length;
  if (!complete) return await_body(bytes.substr(0, head_size), *route, std::move(responder));
  request.body = bytes.substr(head_size);
  serve(*route, std::move(responder));
}

void ServerConnection::await_body(std::string_view head, Route& route, Responder responder) {
  const Request& request = server_.service_.request();
  Incoming& in = incoming();
  in.head = head;
  in.route = &route;
  in.decoder.emplace(request, route.max_body);
  in.responder.emplace(std::move(responder));
  state_ = State::body;
  if (request.expect_continue && behind_.empty()) stream_->write("HTTP/1.1 100 Continue\r\n\r\n");
  server_.loop_.arm(*this, server_.options_.body_timeout_ms);
}

std::size_t ServerConnection::feed_body(std::string_view bytes) {
  std::size_t used = incoming_->decoder->feed(bytes);
  BodyDecoder::State body = incoming_->decoder->state();
  if (body == BodyDecoder::State::more) return used;

  std::unique_ptr<Incoming> in = std::move(incoming_);
  state_ = State::head;
  if (body == BodyDecoder::State::too_large) {
    in->responder->empty(413);
  } else if (body == BodyDecoder::State::malformed) {
    in->responder->error(400);
  } else {
    Request& request = server_.service_.request();
    parse_head(in->head, server_.options_.head, request);
    request.body = in->decoder->body();
    exchange_->keep_alive = request.keep_alive;
    behind_ = bytes.substr(used);
    serve(*in->route, std::move(*in->responder));
    behind_ = {};
  }
  return used;
}

void ServerConnection::serve(Route& route, Responder responder) {
  state_ = State::answering;
  cancel();
  route.handler(server_.service_.request(), std::move(responder));
}

void ServerConnection::refuse(Refusal refusal) {
  log::debug("http request refused", {{"status", refusal.status}, {"reason", refusal.reason}});
  server_.service_.request().clear();
  Responder responder = make_responder(false);
  std::string text = fmt::format("{} {}", refusal.status, status_text(refusal.status));
  if (!refusal.reason.empty()) text += fmt::format(": {}", refusal.reason);
  responder.reply(refusal.status, "text/plain; charset=utf-8", text);
}

void ServerConnection::answer(Exchange& exchange, int status, std::string_view content_type,
                              std::string_view body) {
  exchange_ = nullptr;
  server_.service_.tell_of_answer(exchange, status);
  bool keep = exchange.keep_alive && !server_.closing_ && !ended_;
  std::string& out = server_.response_;
  out.clear();
  append_head(out, {.status = status,
                    .content_type = content_type,
                    .extra = exchange.headers,
                    .date = server_.service_.date(),
                    .content_length = body.size(),
                    .minor_version = exchange.minor_version,
                    .keep_alive = keep});
  if (!exchange.head_only) out += body;
  stream_->write(out);
  if (!keep) {
    stream_->close_after_flush();
    return finish();
  }
  state_ = State::head;
  server_.loop_.arm(*this, server_.options_.idle_timeout_ms);
  if (!consuming_) server_.loop_.at_end_of_turn(this);
}

Upgraded ServerConnection::release() {
  Upgraded out;
  if (exchange_) server_.service_.tell_of_answer(*exchange_, 200);
  if (!ended_) {
    out = {.stream = std::move(stream_), .early = std::string(behind_)};
    if (incoming_) out.early += incoming_->bytes;
    out.stream->set_handler(nullptr);
    if (paused_) out.stream->resume_reading();
  }
  finish();
  return out;
}

void ServerConnection::finish() {
  state_ = State::gone;
  if (exchange_) exchange_->carrier = nullptr;
  exchange_ = nullptr;
  cancel();
  server_.remove(*this);
}

void ServerConnection::shutdown() {
  if (state_ != State::head) return;
  stream_->close_after_flush();
  finish();
}

void ServerConnection::on_end() {
  end_waits_ = waits_turn_ && !stream_->closed();
  if (end_waits_) return;
  ended_ = true;
  if (state_ == State::answering && !stream_->closed()) return;
  stream_->close_after_flush();
  if (state_ != State::gone) finish();
}

void ServerConnection::on_drained() {
  resume();
}

bool ServerConnection::gives_way(int requests) {
  if (stream_->outbox_bytes() > kMaxQueued) {
    server_.loop_.at_end_of_turn(this);
    return true;
  }
  if (requests > kMaxAtOnce) wait_turn();
  return requests > kMaxAtOnce;
}

// With the others that have something left over, so that a turn does not get longer with their number.
void ServerConnection::wait_turn() {
  if (!std::exchange(waits_turn_, true)) server_.loop_.later_io(this, 0);
}

void ServerConnection::on_io(std::uint32_t) {
  waits_turn_ = false;
  on_turn_end();
  if (end_waits_ && !waits_turn_ && state_ != State::gone) on_end();
}

void ServerConnection::on_turn_end() {
  if (state_ == State::head && stream_->outbox_bytes() <= kMaxQueued) resume();
}

void ServerConnection::on_timer() {
  stream_->close();
  finish();
}

}  // namespace whirl::http
