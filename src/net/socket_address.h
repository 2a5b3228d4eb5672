#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "base/result.h"

namespace whirl::net {

/// An IPv4 or IPv6 address with its port.
class SocketAddress {
 public:
  SocketAddress() { bytes_.base.sa_family = AF_UNSPEC; }
  /// Takes what the system gave; other families become an empty address.
  SocketAddress(const sockaddr* address, socklen_t size);
  static SocketAddress any(int family, int port);
  /// Of the two ends of a socket; empty if there is none. Of the ends of a unix socket only the family is
  /// known.
  static SocketAddress local_of(int fd);
  static SocketAddress peer_of(int fd);

  int family() const { return bytes_.base.sa_family; }
  int port() const;
  void set_port(int port);
  const sockaddr* get() const { return &bytes_.base; }
  sockaddr* get() { return &bytes_.base; }
  socklen_t size() const { return family() == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }
  /// Room for what the system writes into get().
  static constexpr socklen_t kCapacity = sizeof(sockaddr_in6);

  /// Without the port; an IPv4 address in IPv6 clothes is shown as the IPv4 address that it is.
  std::string host() const;
  /// "address:port" ("[address]:port" for IPv6).
  std::string text() const;

 private:
  union {
    sockaddr_in6 six;  // the largest comes first, for {} to clear all
    sockaddr_in four;
    sockaddr base;
  } bytes_{};
};

/// Where a socket of that kind (SOCK_STREAM, SOCK_DGRAM) is to listen; `host` is a name or an address, the
/// latter in brackets or not. The error says what is wrong with it.
Result<SocketAddress> resolve_local(std::string host, int port, int kind);

/// The address that stands for all of the machine: IPv6, which takes IPv4 too, where there is IPv6.
SocketAddress every_address(int port);

}  // namespace whirl::net
