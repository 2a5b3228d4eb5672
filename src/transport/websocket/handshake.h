#pragma once
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "http/origin.h"
#include "http/request.h"

namespace whirl::transport::websocket {

/// What to answer to a request to open a WebSocket.
struct Handshake {
  int refusal = 0;               ///< HTTP status, 0 = accepted
  std::string_view subprotocol;  ///< the one to select, empty = none
  bool compression = false;      ///< permessage-deflate without context takeover, both ways
  std::string accept_key;
};

/// Checks a request in the order Centrifugo does: Connection, Upgrade, method, version, key, origin; of an
/// extended CONNECT (RFC 8441), only version and origin. A
/// subprotocol that the server does not know is no reason to refuse, nor is an extension. `compresses`:
/// agrees to compression if it is offered.
Handshake check_handshake(const http::Request& request, const http::OriginRule& origins, bool compresses);

/// Whether one of the offers in a Sec-WebSocket-Extensions header is permessage-deflate with parameters that
/// we can keep: whatever the client does is fine, but our own window is never smaller than the full 15 bits.
bool offers_compression(std::string_view header);

/// Sends the head of the response that opens the WebSocket: a 101, or a 200 to an extended CONNECT.
void send_acceptance(net::Stream& stream, bool multiplexed, const Handshake& handshake);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string accept_key(std::string_view key);

inline constexpr std::string_view kJsonSubprotocol = "centrifuge-json";
inline constexpr std::string_view kProtobufSubprotocol = "centrifuge-protobuf";

}  // namespace whirl::transport::websocket
