#include "transport/webtransport/endpoint.h"

#include <utility>

#include "base/log.h"
#include "http/web_transport.h"
#include "transport/request_headers.h"
#include "transport/webtransport/connection.h"

namespace whirl::transport::webtransport {

Options Options::from(const config::WebTransport& config, std::shared_ptr<const http::OriginRule> origins) {
  Options options;
  if (config.message_size_limit > 0)
    options.max_message = static_cast<std::size_t>(config.message_size_limit);
  options.origins = std::move(origins);
  return options;
}

Endpoint::Endpoint(net::Loop& loop, Options options, session::MakeSession make_session)
    : loop_(loop), options_(std::move(options)), make_session_(std::move(make_session)), connections_(loop) {
  for (std::string& name : options_.kept_headers) name = lower_case(name);
}

Endpoint::~Endpoint() = default;

void Endpoint::handle(http::Request& request, http::Responder responder) {
  if (request.protocol != http::kWebTransport) return responder.empty(400);
  if (!options_.origins->allows(request.header("Origin"))) {
    log::debug("WebTransport session refused", {{"origin", request.header("Origin")}});
    return responder.error(403);
  }
  if (closing_) return responder.empty(503);
  session::ConnectionInfo info = info_of(request);
  // The draft that browsers began with wants to see its name in the answer.
  responder.header("Sec-Webtransport-Http3-Draft", "draft02");
  const std::string headers = responder.headers();
  net::StreamPtr stream = responder.upgrade().stream;
  if (!stream) return;
  Connection& connection =
      connections_.add(std::make_unique<Connection>(*this, std::move(stream), std::move(info)));
  connection.begin(headers);
}

session::ConnectionInfo Endpoint::info_of(const http::Request& request) const {
  const bool protobuf = request.query_value("cf_protocol") == "protobuf";
  session::ConnectionInfo info;
  info.transport = "webtransport";
  info.accept_protocol = "h3";
  info.variant.encoding = protobuf ? protocol::Encoding::protobuf : protocol::Encoding::json;
  info.variant.framing = protobuf ? protocol::Framing::length_prefixed : protocol::Framing::lines;
  info.disconnect_push = true;  // browsers do not always tell pages the code of a session's end
  info.headers = kept_headers(request, options_.kept_headers);
  return info;
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

}  // namespace whirl::transport::webtransport
