#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/sections/transports.h"
#include "http/origin.h"
#include "http/router.h"
#include "net/loop.h"
#include "session/session.h"
#include "transport/connection_list.h"

namespace whirl::transport::webtransport {

class Connection;

struct Options {
  std::size_t max_message = 65536;       ///< bytes
  std::int64_t write_timeout_ms = 1000;  ///< a client that takes nothing for so long is cut off
  std::shared_ptr<const http::OriginRule> origins;
  std::vector<std::string> kept_headers;  ///< names of the headers that sessions need
  /// A session was ended by us.
  std::function<void(std::uint32_t code)> on_outgoing_close;

  static Options from(const config::WebTransport& config, std::shared_ptr<const http::OriginRule> origins);
};

/// The WebTransport endpoint of one loop: makes a connection out of each request that asks for WebTransport.
/// Owned by the app, outlives the HTTP server that calls it; connections that are left at its end are closed.
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
  session::ConnectionInfo info_of(const http::Request& request) const;
  void remove(Connection& connection);
  void cut_off_later(Connection& connection) { connections_.cut_off_later(connection, *this); }
  void on_turn_end() override;

  net::Loop& loop_;
  Options options_;
  session::MakeSession make_session_;
  bool closing_ = false;
  ConnectionList<Connection> connections_;
};

}  // namespace whirl::transport::webtransport
