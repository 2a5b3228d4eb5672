#pragma once
#include "net/stream.h"
#include "net/tls_context.h"

namespace whirl::net {

/// A stream whose bytes are encrypted. The handshake happens on the way, with the first reads and writes; a
/// failed one looks like a failed connection. The session keeps no buffers while it is idle.
class TlsStream final : public SocketStream {
 public:
  static StreamPtr adopt(Loop& loop, Fd socket, SslPtr session);

  bool encrypted() const override { return true; }

 private:
  TlsStream(Loop& loop, Fd socket, SslPtr session);
  void on_io(std::uint32_t events) override;
  ssize_t receive(std::span<char> buffer) override;
  ssize_t send(std::span<const iovec> parts) override;
  void end_sending() override;
  ssize_t outcome(int result, bool reading);

  SslPtr session_;
  bool read_waits_for_output_ = false;
  bool write_waits_for_input_ = false;
};

}  // namespace whirl::net
