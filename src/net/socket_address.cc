#include "net/socket_address.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <cstring>

#include "net/fd.h"

namespace whirl::net {

SocketAddress::SocketAddress(const sockaddr* address, socklen_t size) : SocketAddress() {
  const bool known = address->sa_family == AF_INET || address->sa_family == AF_INET6;
  if (known && size <= kCapacity) std::memcpy(&bytes_, address, size);
}

SocketAddress SocketAddress::any(int family, int port) {
  SocketAddress out;
  out.bytes_.base.sa_family = static_cast<sa_family_t>(family);
  out.set_port(port);
  return out;
}

SocketAddress SocketAddress::local_of(int fd) {
  SocketAddress out;
  socklen_t size = kCapacity;
  ::getsockname(fd, out.get(), &size);
  return out;
}

SocketAddress SocketAddress::peer_of(int fd) {
  SocketAddress out;
  socklen_t size = kCapacity;
  ::getpeername(fd, out.get(), &size);
  return out;
}

// The port is at the same place in both families.
int SocketAddress::port() const {
  return ntohs(bytes_.four.sin_port);
}

void SocketAddress::set_port(int port) {
  bytes_.four.sin_port = htons(static_cast<std::uint16_t>(port));
}

std::string SocketAddress::host() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    ::inet_ntop(AF_INET, &bytes_.four.sin_addr, text, sizeof text);
  } else if (family() == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&bytes_.six.sin6_addr)) {
    ::inet_ntop(AF_INET, &bytes_.six.sin6_addr.s6_addr[12], text, sizeof text);
  } else if (family() == AF_INET6) {
    ::inet_ntop(AF_INET6, &bytes_.six.sin6_addr, text, sizeof text);
  }
  return text;
}

std::string SocketAddress::text() const {
  const std::string name = host();
  const bool six = name.find(':') != std::string::npos;
  return six ? fmt::format("[{}]:{}", name, port()) : fmt::format("{}:{}", name, port());
}

Result<SocketAddress> resolve_local(std::string host, int port, int kind) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = kind;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo* found = nullptr;
  const std::string service = std::to_string(port);
  const int error = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
  if (error != 0) return fail("{}", ::gai_strerror(error));
  SocketAddress out(found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return out;
}

SocketAddress every_address(int port) {
  Fd six(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return SocketAddress::any(six ? AF_INET6 : AF_INET, port);
}

}  // namespace whirl::net
