#include "http/server.h"

#include "http/server_connection.h"

namespace whirl::http {

Server::Server(net::Loop& loop, Router router, ServerOptions options)
    : loop_(loop), service_(loop, std::move(router), options.on_answer), options_(std::move(options)) {
  if (options_.http2) http2_.emplace(service_, *options_.http2);
}

Server::~Server() = default;

void Server::accept(net::StreamPtr stream) {
  if (closing_) return;
  connections_.add(std::make_unique<ServerConnection>(*this, std::move(stream)));
}

void Server::shutdown() {
  closing_ = true;
  connections_.for_each([](ServerConnection& connection) { connection.shutdown(); });
  if (http2_) http2_->shutdown();
}

void Server::remove(ServerConnection& connection) {
  loop_.destroy_later(connections_.take(connection));
}

}  // namespace whirl::http
