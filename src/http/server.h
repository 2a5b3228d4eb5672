#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "http/head_parser.h"
#include "http/router.h"
#include "http/service.h"
#include "net/loop.h"
#include "net/stream.h"

namespace whirl::http {

class ServerConnection;

struct ServerOptions {
  std::int64_t head_timeout_ms = 10'000;  ///< from the first byte (or the accept) to the end of the head
  std::int64_t body_timeout_ms = 30'000;  ///< from the head to the end of the body
  std::int64_t idle_timeout_ms = 30'000;  ///< between requests
  HeadLimits head;
  Service::OnAnswer on_answer{};
};

/// Serves HTTP/1 on the streams of one loop: keep-alive, pipelined requests one after another, timeouts,
/// bounds. Owned by the app beside the loop; connections that are left when it is destroyed are closed.
class Server {
 public:
  Server(net::Loop& loop, Router router, ServerOptions options = {});
  ~Server();

  void accept(net::StreamPtr stream);
  /// Closes the idle connections, and the others after the answer they are waiting for.
  void shutdown();
  std::size_t connections() const { return connections_.size(); }

 private:
  friend class ServerConnection;
  void remove(ServerConnection& connection);

  net::Loop& loop_;
  Service service_;
  ServerOptions options_;
  bool closing_ = false;
  std::vector<std::unique_ptr<ServerConnection>> connections_;
  std::string response_;
};

}  // namespace whirl::http
