#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/indexed_list.h"
#include "http/h2/connections.h"
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
  std::optional<h2::Options> http2{};  ///< for clients that begin with its preface; none: they get 505
};

/// Serves HTTP/1 on the streams of one loop: keep-alive, pipelined requests one after another, timeouts,
/// bounds; and HTTP/2 to clients that speak it, if that is wanted. Owned by the app beside the loop;
/// connections that are left when it is destroyed are closed.
class Server {
 public:
  Server(net::Loop& loop, Router router, ServerOptions options = {});
  ~Server();

  void accept(net::StreamPtr stream);
  /// Closes the idle connections, and the others after the answer they are waiting for.
  void shutdown();
  std::size_t connections() const { return connections_.size() + (http2_ ? http2_->size() : 0); }

 private:
  friend class ServerConnection;
  void remove(ServerConnection& connection);

  net::Loop& loop_;
  Service service_;
  ServerOptions options_;
  bool closing_ = false;
  IndexedList<ServerConnection> connections_;
  std::optional<h2::Connections> http2_;
  std::string response_;
};

}  // namespace whirl::http
