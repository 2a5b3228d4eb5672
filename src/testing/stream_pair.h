#pragma once
#include <string>

#include "net/loop.h"
#include "net/stream.h"
#include "testing/peer.h"

namespace whirl::testing {

/// Two connected sockets: a stream on the loop, and the other side of it.
struct StreamPair {
  explicit StreamPair(net::Loop& loop);
  net::StreamPtr stream;
  Peer peer;
};

/// A client that remembers what it got.
class Client {
 public:
  Client() = default;
  explicit Client(Peer peer) : peer_(std::move(peer)) {}

  void send(std::string_view bytes) { peer_.send(bytes); }
  /// What the socket takes of it; returns how much that is.
  std::size_t send_some(std::string_view bytes) { return peer_.send_some(bytes); }
  void shut_down() { peer_.shut_down(); }
  void close() { peer_.close(); }
  /// Everything that has come so far.
  const std::string& received() { return received_ += peer_.receive(); }
  /// What has come since the last call.
  std::string take() {
    received();
    return std::exchange(received_, {});
  }
  bool ended() {
    received();
    return peer_.at_end();
  }

 private:
  Peer peer_;
  std::string received_;
};

}  // namespace whirl::testing
