#pragma once
#include "metrics/api.h"
#include "metrics/broker.h"
#include "metrics/consumer.h"
#include "metrics/node.h"
#include "metrics/proxy.h"
#include "metrics/registry.h"
#include "metrics/transport.h"

namespace whirl::metrics {

/// All metrics of one loop, made with the loop and touched only there. A module is given the group it counts
/// in.
struct LoopMetrics {
  Registry registry;
  Transport transport{registry};
  Node node{registry};
  Broker broker{registry};
  Api api{registry};
  Proxy proxy{registry};
  Consumer consumer{registry};
};

}  // namespace whirl::metrics
