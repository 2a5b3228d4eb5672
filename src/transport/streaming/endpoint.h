#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "http/router.h"
#include "net/loop.h"
#include "session/session.h"
#include "transport/connection_list.h"
#include "transport/emulation/sessions.h"
#include "transport/streaming/options.h"

namespace whirl::transport::streaming {

class Connection;

/// The endpoint of one streaming transport on one loop: answers each valid request with a stream that has a
/// session of its own. Owned by the app, outlives the HTTP server that calls it; connections that are left at
/// its end are closed.
class Endpoint final : private net::TurnEnd {
 public:
  Endpoint(net::Loop& loop, Options options, emulation::Sessions& sessions,
           session::MakeSession make_session);
  ~Endpoint() override;

  void handle(http::Request& request, http::Responder responder);
  /// Ends the sessions of up to `most` connections with 3001, and from now on every new one.
  void shutdown(std::size_t most);
  std::size_t connections() const { return connections_.size(); }

 private:
  friend class Connection;

  void open(const http::Request& request, http::Responder responder, std::string_view asked);
  session::ConnectionInfo info_of(const http::Request& request) const;
  void remove(Connection& connection);
  void cut_off_later(Connection& connection) { connections_.cut_off_later(connection, *this); }
  void on_turn_end() override;
  /// Before a chunk of that size. Subscribers of a channel get frames of one size one after another.
  const SharedBytes& chunk_head(std::size_t size);
  std::string date() const;

  net::Loop& loop_;
  Options options_;
  emulation::Sessions& sessions_;
  session::MakeSession make_session_;
  bool closing_ = false;
  SharedBytes chunk_head_;
  std::size_t chunk_size_ = 0;  // which chunk_head_ is for
  const SharedBytes chunk_tail_;
  ConnectionList<Connection> connections_;
};

}  // namespace whirl::transport::streaming
