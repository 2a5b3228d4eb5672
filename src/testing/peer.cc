#include "testing/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/check.h"

namespace whirl::testing {
namespace {

Peer connect_to(int family, const sockaddr* address, socklen_t size) {
  net::Fd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), address, size) != 0) return Peer();
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  return Peer(std::move(socket));
}

}  // namespace

Peer Peer::connect(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect_to(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

Peer Peer::connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  WHIRL_CHECK(path.size() < sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  return connect_to(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

void Peer::send(std::string_view bytes) {
  WHIRL_CHECK(send_some(bytes) == bytes.size());
}

std::size_t Peer::send_some(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    ssize_t sent = ::send(socket_.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) break;
    done += static_cast<std::size_t>(sent);
  }
  return done;
}

std::string Peer::receive() {
  std::string out;
  char buffer[16 * 1024];
  for (;;) {
    ssize_t got = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    if (got <= 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

bool Peer::at_end() {
  char byte;
  ssize_t got = ::recv(socket_.get(), &byte, 1, MSG_PEEK);
  return got == 0 || (got < 0 && errno != EAGAIN);
}

void Peer::shut_down() {
  ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace whirl::testing
