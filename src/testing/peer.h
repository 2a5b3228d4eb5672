#pragma once
#include <string>
#include <string_view>

#include "net/fd.h"

namespace whirl::testing {

/// The other side of a connection in tests: a plain non-blocking socket without a loop.
class Peer {
 public:
  Peer() = default;
  explicit Peer(net::Fd socket) : socket_(std::move(socket)) {}

  /// Connects to 127.0.0.1; the connection is established when this returns.
  static Peer connect(int port);
  static Peer connect_unix(const std::string& path);

  bool connected() const { return static_cast<bool>(socket_); }
  /// Sends all of it; a test fails if the socket does not take it.
  void send(std::string_view bytes);
  /// Sends what the socket takes at once and returns how much that was.
  std::size_t send_some(std::string_view bytes);
  /// What has arrived and was not received yet; empty if nothing.
  std::string receive();
  /// True if the other side has ended and everything before that was received.
  bool at_end();
  void shut_down();
  void close() { socket_.reset(); }

 private:
  net::Fd socket_;
};

}  // namespace whirl::testing
