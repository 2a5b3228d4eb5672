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
  auto connection = std::make_unique<ServerConnection>(*this, std::move(stream));
  connection->index_ = connections_.size();
  connections_.push_back(std::move(connection));
}

void Server::shutdown() {
  closing_ = true;
  for (std::size_t i = connections_.size(); i > 0; --i) connections_[i - 1]->shutdown();
  if (http2_) http2_->shutdown();
}

void Server::remove(ServerConnection& connection) {
  std::size_t index = connection.index_;
  std::unique_ptr<ServerConnection> removed = std::move(connections_[index]);
  connections_[index] = std::move(connections_.back());
  connections_.pop_back();
  if (index < connections_.size()) connections_[index]->index_ = index;
  loop_.destroy_later(std::move(removed));
}

}  // namespace whirl::http
