#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// What transports count beside the messages, which sessions count.
struct Transport {
  explicit Transport(Registry& registry);

  Family<Counter, 2> outgoing_close_count;  // transport ("websocket"), code
};

}  // namespace whirl::metrics
