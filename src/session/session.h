#pragma once
#include <memory>
#include <string_view>

#include "base/function.h"
#include "session/connection.h"

namespace whirl::session {

struct Context;

/// One client: its identity, subscriptions and timers. Made by a transport for each connection on the loop
/// that accepted it and used only there; callbacks from other loops find it through a weak reference. Ends
/// when the transport reports the end of the connection, or closes it itself through Connection::close.
class Session {
 public:
  /// `context` is that of the calling loop and outlives the session.
  static std::shared_ptr<Session> create(Context& context, Connection& connection, ConnectionInfo info);
  virtual ~Session() = default;

  /// One incoming message of the client: one or several commands in the connection's encoding. The bytes are
  /// borrowed for the call. Commands which can't be answered at once pause the connection's reading until
  /// they are.
  virtual void on_frame(std::string_view frame) = 0;
  /// The peer answered a native ping.
  virtual void on_native_pong() = 0;
  /// Unidirectional transports: the connect request came with the request (JSON or Protobuf as encoded),
  /// maybe empty.
  virtual void on_connect_request(std::string_view request) = 0;
  /// The client takes nothing of what is written to it, so the transport gives it up; on_closed() follows.
  virtual void on_stalled() {}
  /// The connection is gone (code and reason as the peer gave them, for logs); last call. Idempotent.
  virtual void on_closed() = 0;
  /// The server is going down: ends with 3001.
  virtual void shutdown() = 0;
  /// By which commands that come another way find the session; empty where they come with the connection.
  virtual std::string_view session_id() const { return {}; }
};

/// How a transport begins the session of a connection.
using MakeSession = UniqueFunction<std::shared_ptr<Session>(Connection&, ConnectionInfo)>;

}  // namespace whirl::session
