#include "http/h2/connections.h"

#include <utility>

#include "http/h2/connection.h"

namespace whirl::http::h2 {

Connections::Connections(Service& service, Options options)
    : service_(service), options_(std::move(options)) {}

Connections::~Connections() = default;

void Connections::accept(net::StreamPtr stream, std::span<char> early) {
  if (closing_) return;
  Connection& connection = connections_.add(std::make_unique<Connection>(*this, std::move(stream)));
  if (!early.empty()) connection.receive(early);
}

void Connections::shutdown() {
  closing_ = true;
  connections_.for_each([](Connection& connection) { connection.shutdown(); });
}

void Connections::remove(Connection& connection) {
  service_.loop().destroy_later(connections_.take(connection));
}

}  // namespace whirl::http::h2
