#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "net/runtime.h"
#include "net/udp_socket.h"

namespace whirl::http::h3 {

class QuicServer;

/// What the servers of one UDP port share, one on each loop: the secrets of their tokens, and the way to each
/// other. The kernel chooses a socket by the client's address; when that changes (another network, another
/// port by the router in between) it can choose that of another loop, whose server passes the packet on to
/// the loop that is named in the connection's id. Made before the loops run, and outlives the servers.
class QuicPort {
 public:
  using Secret = std::array<std::uint8_t, 32>;

  explicit QuicPort(net::Runtime& runtime);

  const Secret& token_secret() const { return token_secret_; }
  const Secret& reset_secret() const { return reset_secret_; }

  /// Before the loops run, and after they stopped.
  void join(int loop, QuicServer* server);
  /// Gives a packet to the server on that loop; false if there is no such loop.
  bool pass_on(int loop, std::span<const std::uint8_t> bytes, const net::UdpPath& path);

 private:
  net::Runtime& runtime_;
  Secret token_secret_;
  Secret reset_secret_;
  std::vector<QuicServer*> servers_;
};

}  // namespace whirl::http::h3
