#include "transport/streaming/endpoint.h"

#include <utility>

#include "base/utf8.h"
#include "http/response.h"
#include "transport/connect_request.h"
#include "transport/preflight.h"
#include "transport/request_headers.h"
#include "transport/streaming/connection.h"

namespace whirl::transport::streaming {

Endpoint::Endpoint(net::Loop& loop, Options options, emulation::Sessions& sessions,
                   session::MakeSession make_session)
    : loop_(loop),
      options_(std::move(options)),
      sessions_(sessions),
      make_session_(std::move(make_session)),
      chunk_tail_(SharedBytes::copy(http::kChunkTail)),
      connections_(loop) {
  for (std::string& name : options_.kept_headers) name = lower_case(name);
}

Endpoint::~Endpoint() = default;

void Endpoint::handle(http::Request& request, http::Responder responder) {
  if (!options_.events && answer_preflight(request, responder)) return;
  const bool get = request.method == "GET" && options_.events;
  if (!get && request.method != "POST") return responder.empty(405);
  const std::string asked = get ? request.query_value(kConnectParameter) : std::string(request.body);
  if (options_.unidirectional) {
    // In a GET it may be left out.
    const bool good = (get && asked.empty()) || is_connect_request(asked);
    if (!good) return responder.empty(400);
  } else if (get && asked.empty()) {
    return responder.empty(400);
  }
  open(request, std::move(responder), asked);
}

session::ConnectionInfo Endpoint::info_of(const http::Request& request) const {
  using protocol::Encoding;
  using protocol::Framing;
  const bool protobuf = !options_.events && !options_.unidirectional &&
                        request.header("Content-Type") == "application/octet-stream";
  session::ConnectionInfo info;
  info.transport = options_.transport;
  info.accept_protocol = request.version_name();
  info.variant.encoding = protobuf ? Encoding::protobuf : Encoding::json;
  info.variant.framing = options_.events ? Framing::events
                         : protobuf      ? Framing::length_prefixed
                                         : Framing::lines;
  info.variant.unidirectional = options_.unidirectional;
  info.emulation = !options_.unidirectional;
  info.disconnect_push = true;
  info.raw_connect_errors = options_.connect_answers.has_value();
  info.headers = kept_headers(request, options_.kept_headers);
  return info;
}

void Endpoint::open(const http::Request& request, http::Responder responder, std::string_view asked) {
  session::ConnectionInfo info = info_of(request);
  const bool json = info.variant.encoding == protocol::Encoding::json;
  // Others would get its bytes as JSON, which is UTF-8.
  if (json && !is_utf8(asked)) return responder.empty(400);
  Connection::Head head{responder.headers(), request.minor_version};
  http::Upgraded upgraded = responder.upgrade();
  if (!upgraded.stream) return;

  Connection& connection =
      connections_.add(std::make_unique<Connection>(*this, std::move(upgraded), std::move(head), json));
  if (!options_.connect_answers) connection.begin_response();
  connection.begin(make_session_(connection, std::move(info)));
  if (connection.closed()) return;
  if (closing_) return connection.session().shutdown();
  if (options_.unidirectional) {
    connection.session().on_connect_request(asked);
  } else {
    connection.session().on_frame(asked);
  }
}

void Endpoint::remove(Connection& connection) {
  connections_.remove(connection);
}

void Endpoint::on_turn_end() {
  connections_.give_up_stalled();
}

void Endpoint::shutdown(std::size_t most) {
  closing_ = true;
  connections_.shutdown(most);
}

const SharedBytes& Endpoint::chunk_head(std::size_t size) {
  if (size != chunk_size_) {
    chunk_head_ = SharedBytes::copy(http::chunk_head(size));
    chunk_size_ = size;
  }
  return chunk_head_;
}

std::string Endpoint::date() const {
  return http::http_date(loop_.clock().unix_ms() / 1000);
}

}  // namespace whirl::transport::streaming
