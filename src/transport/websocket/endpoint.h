#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/sections/transports.h"
#include "config/sections/uni_transports.h"
#include "http/origin.h"
#include "http/router.h"
#include "net/loop.h"
#include "session/session.h"
#include "transport/connection_list.h"
#include "transport/websocket/inflater.h"
#include "transport/websocket/message_reader.h"

namespace whirl::transport::websocket {

class Connection;
struct Handshake;

/// permessage-deflate, for clients that offer it.
struct Compression {
  bool enabled = false;
  std::uint8_t level = 1;               ///< of what we send, 1 to 9; 0 = only clients compress
  std::uint16_t min_size = 0;           ///< bytes; smaller messages go as they are
  std::uint64_t max_inflated = 655360;  ///< bytes of a client's message; a larger one ends with 1009
};

struct Options {
  std::string_view transport = "websocket";  ///< a constant
  std::uint64_t max_message = 65536;         ///< bytes, as they come
  Compression compression;
  std::int64_t write_timeout_ms = 1000;  ///< a client that takes nothing for so long is cut off
  bool unidirectional = false;           ///< all that the client says is a connect request
  bool disconnect_push = false;          ///< before the close frame; bidirectional clients need none
  bool close_frame = true;               ///< before the server ends the connection
  bool join_messages = false;            ///< unidirectional: small ones of a turn in one frame, one a line
  std::shared_ptr<const http::OriginRule> origins;
  std::vector<std::string> kept_headers;  ///< names of the headers that sessions need
  /// A close frame was sent that the client had not asked for.
  std::function<void(std::uint32_t code)> on_outgoing_close;

  /// Buffer sizes and the buffer pool of the section have no meaning here: connections hold no buffers.
  static Options from(const config::WebSocket& config, std::shared_ptr<const http::OriginRule> origins);
  static Options from(const config::UniWebSocket& config, std::shared_ptr<const http::OriginRule> origins);
};

/// The WebSocket endpoint of one loop: makes a connection and its session out of each request that is a valid
/// handshake. Owned by the app, outlives the HTTP server that calls it; connections that are left at its end
/// are closed.
class Endpoint final : private net::TurnEnd {
 public:
  Endpoint(net::Loop& loop, Options options, session::MakeSession make_session);
  ~Endpoint() override;

  void handle(http::Request& request, http::Responder responder);
  /// Ends the sessions of up to `most` connections with 3001, and from now on every new one.
  void shutdown(std::size_t most);
  std::size_t connections() const { return connections_.size(); }

 private:
  friend class Connection;
  session::ConnectionInfo info_of(const http::Request& request, const Handshake& handshake) const;
  Connection* open(http::Upgraded upgraded, session::ConnectionInfo info, bool compression);
  void remove(Connection& connection);
  void cut_off_later(Connection& connection) { connections_.cut_off_later(connection, *this); }
  void flush_later(Connection& connection);
  void on_turn_end() override;

  net::Loop& loop_;
  Options options_;
  session::MakeSession make_session_;
  bool closing_ = false;
  ConnectionList<Connection> connections_;
  std::vector<Connection*> holding_;  // hold a frame back until the turn ends
  Inflater inflater_;
  std::string inflated_;  // kept for the next message
};

}  // namespace whirl::transport::websocket
