#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/proxy_greeting.h"
#include "net/stream.h"
#include "net/tls_context.h"

namespace whirl::net {

/// Where to listen: a TCP port (0: the system picks a free one), or a unix socket if `unix_path` is not
/// empty.
struct ListenAddress {
  std::string host{};  // empty: all addresses, IPv6 and IPv4
  int port = 0;
  std::string unix_path{};         // a stale socket file there is replaced
  std::uint32_t unix_mode = 0777;  // permissions of the socket file
  std::string text() const;
};

/// Opens `count` listening sockets on one address, one for each loop: the kernel spreads connections over
/// them. Errors say the address and what to do (in use, no permission, unknown host).
Result<std::vector<Fd>> open_listeners(const ListenAddress& address, int count);

/// The port of a listening TCP socket.
int local_port(const Fd& listener);

/// Takes connections from one listening socket on one loop, a bounded batch per turn. Without free
/// descriptors it pauses for a moment and says so in the log.
class Acceptor final : private IoHandler, private Timer {
 public:
  using OnAccept = UniqueFunction<void(StreamPtr)>;

  /// With `tls` the streams are encrypted.
  Acceptor(Loop& loop, Fd listener, OnAccept on_accept, std::shared_ptr<const TlsContext> tls = nullptr);
  ~Acceptor();
  /// Encrypts the connections to come by another context; those that are open keep theirs.
  void use(std::shared_ptr<const TlsContext> tls) { tls_ = std::move(tls); }
  /// From now on connections must begin with a PROXY header, whose word for the client's address is taken.
  void expect_proxy_headers() { proxied_ = true; }
  /// Accepts no more; what is in the backlog is refused by the kernel.
  void close();

 private:
  void on_io(std::uint32_t events) override;
  void on_timer() override;
  void welcome(Fd socket, std::string source);
  void await_header(Fd socket);
  void pause(int error);
  void watch();

  static constexpr int kBatch = 64;
  static constexpr std::int64_t kPauseMs = 100;

  Loop& loop_;
  Fd listener_;
  OnAccept on_accept_;
  std::shared_ptr<const TlsContext> tls_;
  bool proxied_ = false;
  std::vector<std::unique_ptr<ProxyGreeting>> greetings_;
  std::int64_t last_warning_ms_ = 0;
};

}  // namespace whirl::net
