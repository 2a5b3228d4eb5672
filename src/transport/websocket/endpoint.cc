#include "transport/websocket/endpoint.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.h"
#include "protocol/deflate.h"
#include "transport/connect_request.h"
#include "transport/request_headers.h"
#include "transport/websocket/connection.h"
#include "transport/websocket/handshake.h"

namespace whirl::transport::websocket {
namespace {

bool asks_for_protobuf(const http::Request& request) {
  return request.query_value("format") == "protobuf" || request.query_value("cf_protocol") == "protobuf";
}

constexpr std::uint64_t kInflatedTimes = 10;  // the default limit, in limits of what comes

template <class Section>
Compression compression_from(const Section& config, std::uint64_t max_message) {
  Compression out;
  out.enabled = config.compression;
  // As in Go, where levels below 0 mean the library's own choice and the least effort.
  const std::int64_t level = config.compression_level == -1  ? 6
                             : config.compression_level < -1 ? 1
                                                             : config.compression_level;
  out.level = static_cast<std::uint8_t>(std::min<std::int64_t>(level, protocol::kMaxDeflateLevel));
  out.min_size = static_cast<std::uint16_t>(
      std::clamp<std::int64_t>(config.compression_min_size, 0, std::numeric_limits<std::uint16_t>::max()));
  out.max_inflated = config.decompressed_message_size_limit > 0
                         ? static_cast<std::uint64_t>(config.decompressed_message_size_limit)
                         : max_message * kInflatedTimes;
  return out;
}

template <class Section>
Options options_from(const Section& config, std::shared_ptr<const http::OriginRule> origins) {
  Options options;
  if (config.message_size_limit > 0) {
    options.max_message = static_cast<std::uint64_t>(config.message_size_limit);
  }
  options.compression = compression_from(config, options.max_message);
  if (config.write_timeout.ns > 0) options.write_timeout_ms = config.write_timeout.ms();
  options.origins = std::move(origins);
  return options;
}

}  // namespace

Options Options::from(const config::WebSocket& config, std::shared_ptr<const http::OriginRule> origins) {
  return options_from(config, std::move(origins));
}

Options Options::from(const config::UniWebSocket& config, std::shared_ptr<const http::OriginRule> origins) {
  Options options = options_from(config, std::move(origins));
  options.transport = "uni_websocket";
  options.unidirectional = true;
  options.disconnect_push = !config.disable_disconnect_push;
  options.close_frame = !config.disable_closing_handshake;
  options.join_messages = config.join_push_messages;
  return options;
}

Endpoint::Endpoint(net::Loop& loop, Options options, session::MakeSession make_session)
    : loop_(loop), options_(std::move(options)), make_session_(std::move(make_session)), connections_(loop) {
  for (std::string& name : options_.kept_headers) name = lower_case(name);
}

Endpoint::~Endpoint() = default;

void Endpoint::handle(http::Request& request, http::Responder responder) {
  std::string asked;
  if (options_.unidirectional) asked = request.query_value(kConnectParameter);
  if (!asked.empty() && !is_connect_request(asked)) return responder.error(400, "invalid connect request");
  Handshake handshake = check_handshake(request, *options_.origins, options_.compression.enabled);
  if (handshake.refusal != 0) {
    log::debug("websocket handshake refused", {{"status", handshake.refusal}});
    responder.header("Sec-WebSocket-Version", "13");
    return responder.error(handshake.refusal);
  }
  if (options_.unidirectional) handshake.subprotocol = {};
  session::ConnectionInfo info = info_of(request, handshake);
  http::Upgraded upgraded = responder.upgrade();
  if (!upgraded.stream) return;
  send_acceptance(*upgraded.stream, upgraded.multiplexed, handshake);
  std::string early = std::move(upgraded.early);
  Connection* connection = open(std::move(upgraded), std::move(info), handshake.compression);
  if (connection && !asked.empty() && asked != "null") connection->on_request(asked);
  if (connection && !connection->closed() && !early.empty()) connection->on_data(early);
}

session::ConnectionInfo Endpoint::info_of(const http::Request& request, const Handshake& handshake) const {
  const bool protobuf = !options_.unidirectional &&
                        (handshake.subprotocol == kProtobufSubprotocol || asks_for_protobuf(request));
  session::ConnectionInfo info;
  info.transport = options_.transport;
  info.accept_protocol = request.version_name();
  info.variant.encoding = protobuf ? protocol::Encoding::protobuf : protocol::Encoding::json;
  info.variant.framing = protobuf ? protocol::Framing::websocket_binary : protocol::Framing::websocket_text;
  info.variant.unidirectional = options_.unidirectional;
  if (handshake.compression) {
    info.variant.compression_level = options_.compression.level;
    info.variant.compression_min_size = options_.compression.min_size;
  }
  info.native_ping = options_.unidirectional || request.query_value("cf_ws_frame_ping_pong") == "true";
  info.disconnect_push = options_.disconnect_push;
  info.headers = kept_headers(request, options_.kept_headers);
  return info;
}

// Null if it ended at once.
Connection* Endpoint::open(http::Upgraded upgraded, session::ConnectionInfo info, bool compression) {
  bool json = info.variant.encoding == protocol::Encoding::json;
  Connection& connection =
      connections_.add(std::make_unique<Connection>(*this, std::move(upgraded.stream), json, compression));
  connection.begin(make_session_(connection, std::move(info)));
  if (connection.closed()) return nullptr;
  if (!closing_) return &connection;
  connection.session().shutdown();
  return nullptr;
}

void Endpoint::remove(Connection& connection) {
  if (!holding_.empty()) std::erase(holding_, &connection);
  connections_.remove(connection);
}

void Endpoint::flush_later(Connection& connection) {
  holding_.push_back(&connection);
  loop_.at_end_of_turn(this);
}

void Endpoint::on_turn_end() {
  for (Connection* connection : holding_) connection->flush();
  holding_.clear();
  connections_.give_up_stalled();
}

void Endpoint::shutdown(std::size_t most) {
  closing_ = true;
  connections_.shutdown(most);
}

}  // namespace whirl::transport::websocket
