#pragma once
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/stream.h"
#include "net/tls_context.h"

namespace whirl::net {

/// Where to connect to: a TCP host and port, or a unix socket if `unix_path` is not empty.
struct ConnectAddress {
  std::string host{};
  int port = 0;
  std::string unix_path{};
  std::string text() const;
};

/// Makes one outgoing connection at a time. A member of who wants the connection; destroying it gives the
/// attempt up.
class Connector final : private IoHandler, private Timer {
 public:
  using Callback = UniqueFunction<void(Result<StreamPtr>)>;

  explicit Connector(Loop& loop) : loop_(loop) {}
  ~Connector();

  /// Resolves the host (on a thread of its own unless it is an address), tries its addresses in turn, and
  /// calls back once, later. With `tls` the stream is encrypted; the handshake follows the connection. An
  /// attempt under way is given up.
  void start(ConnectAddress address, std::int64_t timeout_ms, std::shared_ptr<const TlsContext> tls,
             Callback callback);
  void cancel();

 private:
  struct Target {
    sockaddr_storage address{};
    socklen_t size = 0;
  };
  struct Lookup;

  void on_io(std::uint32_t events) override;
  void on_timer() override;
  void resolve();
  void resolved(std::vector<Target> targets, std::string error);
  void try_next();
  void finish(Result<StreamPtr> result);
  void connected();

  Loop& loop_;
  ConnectAddress address_;
  std::shared_ptr<const TlsContext> tls_;
  Callback callback_;
  std::shared_ptr<Lookup> lookup_;
  std::vector<Target> targets_;
  std::size_t next_target_ = 0;
  std::string last_error_;
  Fd socket_;
};

}  // namespace whirl::net
