#include "testing/loopback.h"

#include <sys/socket.h>

#include "net/fd.h"

namespace whirl::testing {
namespace {

/// The nodes of a Redis Cluster talk to each other on a port so much higher.
constexpr int kClusterBus = 10'000;

/// A socket at the port of the loopback address (0: at any); none if the port is taken.
net::Fd bound(int port) {
  net::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const net::SocketAddress address = loopback(port);
  if (::bind(fd.get(), address.get(), address.size()) != 0) fd.reset();
  return fd;
}

}  // namespace

net::SocketAddress loopback(int port) {
  return *net::resolve_local("127.0.0.1", port, SOCK_STREAM);
}

int free_port() {
  for (;;) {
    const int port = net::SocketAddress::local_of(bound(0).get()).port();
    if (port + kClusterBus < 65'536 && bound(port + kClusterBus)) return port;
  }
}

}  // namespace whirl::testing
