#include "http/grpc/call.h"

#include <fmt/format.h>

#include <utility>

namespace whirl::http::grpc {
namespace {

constexpr std::string_view kContentType = "application/grpc";

MessageStream& message_stream(net::Stream& stream) {
  return static_cast<MessageStream&>(stream);
}

bool is_grpc(std::string_view content_type) {
  if (!content_type.starts_with(kContentType)) return false;
  content_type.remove_prefix(kContentType.size());
  return content_type.empty() || content_type.front() == '+' || content_type.front() == ';';
}

}  // namespace

void open_answer(net::Stream& stream, bool gzips) {
  std::string_view extra = "grpc-accept-encoding: gzip\r\n";
  if (gzips) extra = "grpc-accept-encoding: gzip\r\ngrpc-encoding: gzip\r\n";
  message_stream(stream).send_head({.content_type = kContentType, .extra = extra});
}

void close_with(net::Stream& stream, const Status& status) {
  message_stream(stream).set_trailers(trailer_lines(status));
  stream.close_after_flush();
}

Call::Call(Calls& calls, net::StreamPtr stream, OnMessage on_message, bool many)
    : calls_(&calls),
      stream_(std::move(stream)),
      reader_(calls.max_message_),
      on_message_(std::move(on_message)),
      many_(many) {
  stream_->set_handler(this);
}

void Call::on_data(std::span<char> data) {
  std::string_view bytes(data.data(), data.size());
  while (calls_ && !bytes.empty()) {
    if (asked_ && !many_) return;
    switch (reader_.next(bytes)) {
      case MessageReader::Event::more:
        return;
      case MessageReader::Event::message:
        asked_ = true;
        on_message(reader_.take());
        break;
      case MessageReader::Event::too_large:
        return finish({Code::resource_exhausted, "the message is larger than the server allows"});
      case MessageReader::Event::malformed:
        return finish({Code::internal, "the frame of a message is malformed"});
    }
  }
}

void Call::on_message(std::string_view message) {
  const CallPtr self = shared_from_this();
  if (!reader_.compressed()) return on_message_(self, message);
  if (!gzips_) return finish({Code::internal, "a message is compressed, but grpc-encoding does not say how"});
  std::string inflated;
  switch (gunzip(message, calls_->max_message_, inflated)) {
    case Inflated::ok:
      return on_message_(self, inflated);
    case Inflated::malformed:
      return finish({Code::internal, "a compressed message is malformed"});
    case Inflated::too_large:
      return finish({Code::resource_exhausted, "the message is larger than the server allows"});
  }
}

void Call::on_end() {
  if (stream_->closed()) return remove();
  if (many_ && !reader_.inside()) return finish();
  if (!asked_) finish({Code::internal, "the call has no message"});
}

void Call::on_timer() {
  finish({Code::deadline_exceeded, "the deadline of the call has passed"});
}

void Call::send_head() {
  if (!std::exchange(head_sent_, true)) open_answer(*stream_, gzips_);
}

void Call::send(std::string_view message) {
  if (!calls_) return;
  send_head();
  std::string out;
  append_message(out, gzips_ ? gzip(message) : message, gzips_);
  stream_->write(out);
}

void Call::finish(const Status& status) {
  if (!calls_) return;
  send_head();
  close_with(*stream_, status);
  remove();
}

net::StreamPtr Call::take() {
  if (!calls_) return nullptr;
  gzips_ = false;
  send_head();
  net::StreamPtr stream = std::move(stream_);
  stream->set_handler(nullptr);
  remove();
  return stream;
}

void Call::remove() {
  cancel();
  stream_.reset();
  Calls& calls = *std::exchange(calls_, nullptr);
  calls.loop_.destroy_later(std::make_unique<CallPtr>(calls.calls_.take(*this)));
}

Calls::Calls(net::Loop& loop, std::int64_t max_message)
    : loop_(loop),
      max_message_(max_message > 0 ? static_cast<std::size_t>(max_message) : kDefaultMaxMessage) {}

Calls::~Calls() {
  calls_.for_each([](Call& call) { call.remove(); });
}

/// Otherwise it has been answered.
bool Calls::is_call(const Request& request, Responder& responder) const {
  if (request.version != 2) {
    responder.error(505, "gRPC needs HTTP/2");
  } else if (request.method != "POST") {
    responder.empty(405);
  } else if (!is_grpc(request.header("content-type"))) {
    responder.empty(415);
  } else {
    return true;
  }
  return false;
}

void Calls::mount_unknown(Router& router) {
  Route route;
  route.path = "/";
  route.reads_body = true;
  route.handler = [this](Request& request, Responder responder) {
    refuse(request, std::move(responder),
           {Code::unimplemented, fmt::format("unknown method {}", request.path)});
  };
  router.add(std::move(route));
}

void Calls::refuse(const Request& request, Responder responder, const Status& status) {
  if (!is_call(request, responder)) return;
  net::StreamPtr stream = responder.upgrade().stream;
  if (!stream) return;
  open_answer(*stream);
  close_with(*stream, status);
}

void Calls::begin(const Request& request, Responder responder, OnMessage on_message, bool many) {
  if (!is_call(request, responder)) return;
  const std::string_view encoding = request.header("grpc-encoding");
  if (!encoding.empty() && encoding != "gzip" && encoding != "identity") {
    return refuse(request, std::move(responder),
                  {Code::unimplemented, "grpc-encoding must be gzip or identity"});
  }
  const std::string_view timeout = request.header("grpc-timeout");
  const auto timeout_ms = parse_timeout(timeout);
  if (!timeout.empty() && !timeout_ms) {
    return refuse(request, std::move(responder), {Code::internal, "malformed grpc-timeout"});
  }
  net::StreamPtr stream = responder.upgrade().stream;
  if (!stream) return;
  Call& call = calls_.add(std::make_shared<Call>(*this, std::move(stream), std::move(on_message), many));
  call.gzips_ = encoding == "gzip";
  if (timeout_ms) loop_.arm(call, *timeout_ms);
}

}  // namespace whirl::http::grpc
