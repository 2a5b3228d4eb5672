#pragma once
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/indexed_list.h"
#include "net/loop.h"

namespace whirl::transport {

/// The connections of an endpoint, which are owned here. On the endpoint's loop.
template <class Connection>
class ConnectionList {
 public:
  explicit ConnectionList(net::Loop& loop) : loop_(loop) {}

  Connection& add(std::unique_ptr<Connection> connection) { return connections_.add(std::move(connection)); }
  /// Destroys it when the turn ends.
  void remove(Connection& connection) { loop_.destroy_later(connections_.take(connection)); }
  std::size_t size() const { return connections_.size(); }

  /// For a client that takes nothing. Not at once: the caller may be in the middle of a fan-out, whose lists
  /// the end of a session changes. The endpoint calls give_up_stalled() when the turn ends.
  void cut_off_later(Connection& connection, net::TurnEnd& endpoint) {
    if (!stalled_.empty() && stalled_.back() == &connection) return;
    stalled_.push_back(&connection);
    loop_.at_end_of_turn(&endpoint);
  }
  void give_up_stalled() {
    for (Connection* connection : std::exchange(stalled_, {})) connection->give_up();
  }

  /// Shuts up to `most` of them down.
  void shutdown(std::size_t most) {
    connections_.for_last(most, [](Connection& connection) { connection.shutdown(); });
  }

 private:
  net::Loop& loop_;
  IndexedList<Connection> connections_;
  std::vector<Connection*> stalled_;
};

}  // namespace whirl::transport
