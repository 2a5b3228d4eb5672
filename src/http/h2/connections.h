#pragma once
#include <span>

#include "base/indexed_list.h"
#include "http/h2/options.h"
#include "http/service.h"
#include "net/stream.h"

namespace whirl::http::h2 {

class Connection;

/// The HTTP/2 connections of one listener on one loop. Owned by the listener's server, beside the service;
/// those that are left when it is destroyed are closed.
class Connections {
 public:
  Connections(Service& service, Options options);
  ~Connections();

  /// `early`: bytes that came already. They may be changed.
  void accept(net::StreamPtr stream, std::span<char> early = {});
  /// Tells the clients to open no more streams; each connection ends with its last one.
  void shutdown();
  std::size_t size() const { return connections_.size(); }

 private:
  friend class Connection;
  void remove(Connection& connection);

  Service& service_;
  const Options options_;
  bool closing_ = false;
  IndexedList<Connection> connections_;
};

}  // namespace whirl::http::h2
