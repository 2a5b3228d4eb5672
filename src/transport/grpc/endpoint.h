#pragma once
#include <cstdint>
#include <memory>

#include "http/grpc/call.h"
#include "http/router.h"
#include "net/loop.h"
#include "session/session.h"
#include "transport/connection_list.h"

namespace whirl::transport::grpc {

class Connection;

/// The unidirectional gRPC transport of one loop: each call of Consume is a connection with a session of its
/// own. Owned by the app, outlives the server that calls it; connections that are left at its end are closed.
class Endpoint {
 public:
  /// `max_message`: bytes of a connect request; 0 means the default of gRPC.
  Endpoint(net::Loop& loop, std::int64_t max_message, session::MakeSession make_session);
  ~Endpoint();

  void mount(http::Router& router, std::vector<http::Filter> filters);
  /// Ends the sessions of up to `most` connections with 3001, and from now on every new one.
  void shutdown(std::size_t most);
  std::size_t connections() const { return connections_.size(); }

 private:
  friend class Connection;
  void open(http::grpc::Call& call, std::string_view request);
  void remove(Connection& connection);

  session::MakeSession make_session_;
  http::grpc::Calls calls_;  // whose connect request has not come yet
  bool closing_ = false;
  ConnectionList<Connection> connections_;
};

}  // namespace whirl::transport::grpc
