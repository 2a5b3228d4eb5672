#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// Messages that asynchronous consumers took from queues. Label: consumer_name.
struct Consumer {
  explicit Consumer(Registry& registry);

  Family<Counter, 1> processed;
  Family<Counter, 1> errors;
};

}  // namespace whirl::metrics
