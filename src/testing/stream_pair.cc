#include "testing/stream_pair.h"

#include <sys/socket.h>

#include "base/check.h"

namespace whirl::testing {

StreamPair::StreamPair(net::Loop& loop) {
  int fds[2];
  WHIRL_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
  stream = net::SocketStream::adopt(loop, net::Fd(fds[0]));
  peer = Peer(net::Fd(fds[1]));
}

}  // namespace whirl::testing
