#pragma once
#include <span>
#include <string_view>

#include "config/config.h"
#include "http/router.h"

namespace whirl::app {

class LoopServer;

/// A row of the list of what the server serves over HTTP.
struct Endpoint {
  std::string_view name;  ///< for the log
  bool (*enabled)(const config::Config& config);
  /// On the external address; otherwise on the internal one.
  bool (*external)(const config::Config& config);
  /// Adds the endpoint's routes for one loop. The server outlives the router.
  void (*mount)(LoopServer& server, http::Router& router);
};

std::span<const Endpoint> endpoints();

/// Services of gRPC, which are not in the list: they have addresses of their own.
extern const Endpoint kGrpcApi;
extern const Endpoint kUniGrpc;

}  // namespace whirl::app
