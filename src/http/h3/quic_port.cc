#include "http/h3/quic_port.h"

#include <string>

#include "base/ids.h"
#include "http/h3/quic_server.h"

namespace whirl::http::h3 {

QuicPort::QuicPort(net::Runtime& runtime)
    : runtime_(runtime), servers_(static_cast<std::size_t>(runtime.size())) {
  random_bytes(token_secret_.data(), token_secret_.size());
  random_bytes(reset_secret_.data(), reset_secret_.size());
}

void QuicPort::join(int loop, QuicServer* server) {
  servers_[static_cast<std::size_t>(loop)] = server;
}

bool QuicPort::pass_on(int loop, std::span<const std::uint8_t> bytes, const net::UdpPath& path) {
  if (loop < 0 || loop >= runtime_.size()) return false;
  runtime_.loop(loop).post(
      [this, loop, path, packet = std::vector<std::uint8_t>(bytes.begin(), bytes.end())] {
        QuicServer* server = servers_[static_cast<std::size_t>(loop)];
        if (server) server->on_passed_on(packet, path);
      });
  return true;
}

}  // namespace whirl::http::h3
