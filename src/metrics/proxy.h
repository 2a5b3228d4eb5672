#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// Calls to the application backend. Labels: protocol ("http", "grpc"), type ("connect", "rpc" …), name.
struct Proxy {
  explicit Proxy(Registry& registry);

  DurationFamily<3> duration;
  Family<Counter, 3> errors;
  Family<Gauge, 3> inflight_requests;
};

}  // namespace whirl::metrics
