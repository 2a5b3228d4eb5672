#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace whirl::net {

/// What a load balancer says of a connection before its first byte: the PROXY protocol, versions 1 and 2.
struct ProxyHeader {
  enum class State : unsigned char { more, complete, malformed };
  State state = State::more;
  std::size_t size = 0;     ///< bytes of the complete header
  std::string source = {};  ///< "address:port" of the client; empty if there is none, as in health checks
};

/// Nothing longer is a header; the specification's own limit leaves room for no more.
inline constexpr std::size_t kMaxProxyHeader = 4096;

/// Reads a header at the beginning of the bytes, whole or in part. Pure.
ProxyHeader read_proxy_header(std::string_view bytes);

}  // namespace whirl::net
