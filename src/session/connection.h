#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shared_bytes.h"
#include "protocol/variant.h"

namespace whirl::session {

/// What is known of a connection when it begins; filled in by the transport from the HTTP request.
struct ConnectionInfo {
  /// As in metrics and `info`: "websocket", "sse", "http_stream", "uni_websocket", … Constants, both.
  std::string_view transport = {};
  std::string_view accept_protocol = {};  ///< "h1", "h2", "h3"
  protocol::Variant variant = {};
  bool emulation = false;        ///< commands arrive through /emulation
  bool native_ping = false;      ///< pings are WebSocket ping frames (cf_ws_frame_ping_pong)
  bool disconnect_push = false;  ///< the end is told by a push, as the transport has no close code
  /// Unidirectional: a failed connect closes with the code of the error itself, and without a push.
  bool raw_connect_errors = false;
  /// Request headers (names in lower case), for user_id_http_header and proxies.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// A session's way to its peer; a transport implements it. Lives on the session's loop and outlives the
/// session.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Queues a frame that is already in the connection's variant; it leaves at the end of the loop's turn.
  virtual void send(const SharedBytes& frame) = 0;
  /// Sends the transport's own keep-alive (WebSocket ping frame).
  virtual void send_native_ping() = 0;
  /// Bytes queued and not yet taken by the kernel.
  virtual std::size_t queued_bytes() const = 0;
  /// Stops and resumes the delivery of incoming frames while a command is being answered.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  /// Tells the peer code and reason, flushes and ends. Idempotent. The transport then calls
  /// Session::on_closed.
  virtual void close(std::uint32_t code, std::string_view reason) = 0;
};

}  // namespace whirl::session
