#pragma once
#include <functional>
#include <string>

#include "channel/rules.h"
#include "hub/node.h"
#include "metrics/api.h"

namespace whirl::api {

/// What API calls of one loop work with, for one way they come in. Made before the loop runs, outlives the
/// calls, used only on that loop.
struct Context {
  hub::Node& node;
  metrics::Api& metrics;
  std::function<const channel::Rules&()> rules;  ///< those in force; good until control returns to the loop
  std::string protocol;                          ///< in metrics: "http", "grpc", "consuming"
};

}  // namespace whirl::api
