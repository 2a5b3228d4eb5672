#include "http/h2/connections.h"

#include <utility>

#include "http/h2/connection.h"

namespace whirl::http::h2 {

Connections::Connections(Service& service, Options options)
    : service_(service), options_(std::move(options)) {}

Connections::~Connections() = default;

void Connections::accept(net::StreamPtr stream, std::span<char> early) {
  if (closing_) return;
  auto owned = std::make_unique<Connection>(*this, std::move(stream));
  Connection& connection = *owned;
  connection.index_ = connections_.size();
  connections_.push_back(std::move(owned));
  if (!early.empty()) connection.receive(early);
}

void Connections::shutdown() {
  closing_ = true;
  for (auto& connection : connections_) connection->shutdown();
}

void Connections::remove(Connection& connection) {
  const std::size_t index = connection.index_;
  std::unique_ptr<Connection> removed = std::move(connections_[index]);
  connections_[index] = std::move(connections_.back());
  connections_.pop_back();
  if (index < connections_.size()) connections_[index]->index_ = index;
  service_.loop().destroy_later(std::move(removed));
}

}  // namespace whirl::http::h2
