#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/head_parser.h"
#include "http/router.h"
#include "net/loop.h"
#include "net/stream.h"

namespace whirl::http {

class ServerConnection;

struct ServerOptions {
  std::int64_t head_timeout_ms = 10'000;  ///< from the first byte (or the accept) to the end of the head
  std::int64_t body_timeout_ms = 30'000;  ///< from the head to the end of the body
  std::int64_t idle_timeout_ms = 30'000;  ///< between requests
  HeadLimits head;
  /// Told of each answer on a route, for metrics: the route's path, the method, the status (200 for a stream
  /// that was handed over). Not called if empty.
  std::function<void(std::string_view path, std::string_view method, int status)> on_answer{};
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
  std::string_view date();

  net::Loop& loop_;
  Router router_;
  ServerOptions options_;
  bool closing_ = false;
  std::vector<std::unique_ptr<ServerConnection>> connections_;
  Request request_;  // of whoever is being served; handlers don't nest
  std::string response_;
  std::string date_;
  std::int64_t date_seconds_ = 0;
};

}  // namespace whirl::http
