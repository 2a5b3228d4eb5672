#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// Calls of the server API, whichever way they come in: protocol is "http", "grpc" or "consuming".
struct Api {
  explicit Api(Registry& registry);

  DurationFamily<2> command_duration;  // protocol, method
  DurationFamily<2> rpc_duration;      // protocol, method of the rpc
  Family<Counter, 3> command_errors;   // protocol, method, error (its code)
};

}  // namespace whirl::metrics
