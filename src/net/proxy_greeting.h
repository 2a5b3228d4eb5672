#pragma once
#include <string>
#include <string_view>

#include "base/function.h"
#include "net/loop.h"

namespace whirl::net {

/// A connection whose PROXY header has not come yet. Owned by the acceptor that took it, on its loop; ends
/// when the header is there, with the connection, or after kTimeoutMs.
class ProxyGreeting final : private IoHandler, private Timer {
 public:
  /// Called once, with the socket behind its header and who the client is (see ProxyHeader::source). Without
  /// a socket if there was no header; `error` says why.
  using Done = UniqueFunction<void(ProxyGreeting&, Fd socket, std::string source, std::string_view error)>;
  static constexpr std::int64_t kTimeoutMs = 10'000;

  ProxyGreeting(Loop& loop, Fd socket, Done done);
  ~ProxyGreeting() override;

 private:
  void on_io(std::uint32_t events) override;
  void on_timer() override { fail("it did not come in time"); }
  void complete(std::size_t size, std::string source);
  void fail(std::string_view error);

  Loop& loop_;
  Fd socket_;
  Done done_;
};

}  // namespace whirl::net
