#include "http/streamed_request.h"

#include <charconv>
#include <utility>

namespace whirl::http {
namespace {

constexpr std::size_t kFieldOverhead = 32;  // as HTTP/2 and HTTP/3 count the size of a list of fields

Refusal read_pseudo(std::string_view name, std::string_view value, Request& out) {
  if (name == ":method") out.method = value;
  if (name == ":authority") out.host = value;
  if (name == ":protocol") out.protocol = value;
  if (name == ":path") return parse_target(value, out);
  return {};
}

Refusal read_ordinary(std::string_view name, std::string_view value, Request& out) {
  out.headers.push_back({name, value});
  if (name == "host" && out.host.empty()) out.host = value;
  if (name == "content-length") {
    const char* end = value.data() + value.size();
    auto [at, error] = std::from_chars(value.data(), end, out.content_length);
    if (error != std::errc() || at != end) return {400, "bad Content-Length"};
  }
  return {};
}

}  // namespace

StreamedRequest::StreamedRequest(Service& service, const HeadLimits& limits, int version)
    : service_(service), limits_(limits), version_(version) {}

void StreamedRequest::field(std::string_view name, std::string_view value) {
  const std::size_t size = text_.size() + (fields_.size() + 1) * kFieldOverhead + name.size() + value.size();
  too_large_ |= size > limits_.bytes || fields_.size() == limits_.headers;
  if (too_large_) return;
  fields_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

Refusal StreamedRequest::read_head(Request& out) const {
  out.clear();
  out.version = version_;
  if (too_large_) return {431, "request head is too large"};
  for (const Field& field : fields_) {
    const std::string_view all(text_);
    const std::string_view name = all.substr(field.at, field.name_size);
    const std::string_view value = all.substr(field.at + field.name_size, field.value_size);
    Refusal refusal = name.starts_with(':') ? read_pseudo(name, value, out) : read_ordinary(name, value, out);
    if (refusal) return refusal;
  }
  if (out.path.empty()) return {400, "no path in the request"};
  return {};
}

void StreamedRequest::head_complete(std::unique_ptr<Exchange> exchange, bool ended) {
  Request& request = service_.request();
  const Refusal refusal = read_head(request);
  exchange->head_only = request.method == "HEAD";
  responder_.emplace(std::move(exchange));
  done_ = true;
  if (refusal) return responder_->error(refusal.status, refusal.reason);
  route_ = service_.admit(request, *responder_);
  if (!route_) return;
  done_ = false;
  open_ended_ = route_->reads_body || !request.protocol.empty();
  if (ended || open_ended_) serve();
}

void StreamedRequest::body(std::string_view bytes) {
  if (done_) return;
  if (body_.size() + bytes.size() > route_->max_body) {
    done_ = true;
    return responder_->empty(413);
  }
  body_ += bytes;
}

void StreamedRequest::end() {
  if (done_) return;
  read_head(service_.request());
  serve();
}

// The head was read into the service's request in this call.
void StreamedRequest::serve() {
  done_ = true;
  Request& request = service_.request();
  request.body = body_;
  Responder responder = std::move(*responder_);
  responder_.reset();
  route_->handler(request, std::move(responder));
}

}  // namespace whirl::http
