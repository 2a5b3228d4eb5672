#include "http/responder.h"

#include "http/response.h"

namespace whirl::http {

void send_head(net::Stream& stream, bool multiplexed, const ResponseHead& head) {
  if (multiplexed) return static_cast<MessageStream&>(stream).send_head(head);
  std::string out;
  append_head(out, head);
  stream.write(out);
}

Responder::Responder(std::unique_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
Responder::Responder(Responder&&) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
  if (open()) error(500);
  exchange_ = std::move(other.exchange_);
  return *this;
}

Responder::~Responder() {
  if (open()) error(500);
}

void Responder::header(std::string_view name, std::string_view value) {
  if (exchange_) append_header(exchange_->headers, name, value);
}

const std::string& Responder::headers() const {
  static const std::string kNone;
  return exchange_ ? exchange_->headers : kNone;
}

void Responder::reply(int status, std::string_view content_type, std::string_view body) {
  finish(status, content_type, body);
}

void Responder::empty(int status) {
  finish(status, {}, {});
}

void Responder::error(int status, std::string_view text) {
  std::string body(text.empty() ? status_text(status) : text);
  body += '\n';
  header("X-Content-Type-Options", "nosniff");
  finish(status, "text/plain; charset=utf-8", body);
}

void Responder::close_after() {
  if (exchange_) exchange_->keep_alive = false;
}

bool Responder::open() const {
  return exchange_ && exchange_->carrier;
}

std::string Responder::peer_address() const {
  return open() ? exchange_->carrier->peer_address() : "";
}

Upgraded Responder::upgrade() {
  std::unique_ptr<Exchange> exchange = std::move(exchange_);
  if (!exchange || !exchange->carrier) return {};
  return exchange->carrier->release();
}

void Responder::finish(int status, std::string_view content_type, std::string_view body) {
  std::unique_ptr<Exchange> exchange = std::move(exchange_);
  if (exchange && exchange->carrier) exchange->carrier->answer(*exchange, status, content_type, body);
}

}  // namespace whirl::http
