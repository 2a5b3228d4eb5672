#include "metrics/api.h"

#include "metrics/bounds.h"

namespace whirl::metrics {
namespace {

constexpr Description kCommandSummary{"centrifugo_api_command_duration_seconds",
                                      Kind::summary,
                                      "Time that API calls took.",
                                      {"protocol", "method"}};
constexpr Description kCommandHistogram{"centrifugo_api_command_duration_seconds_histogram",
                                        Kind::histogram,
                                        "Time that API calls took.",
                                        {"protocol", "method"},
                                        kSecondsFromFiveMilli};
constexpr Description kRpcSummary{"centrifugo_api_rpc_duration_seconds",
                                  Kind::summary,
                                  "Time that API rpc calls took.",
                                  {"protocol", "method"}};
constexpr Description kRpcHistogram{"centrifugo_api_rpc_duration_seconds_histogram",
                                    Kind::histogram,
                                    "Time that API rpc calls took.",
                                    {"protocol", "method"},
                                    kSecondsFromFiveMilli};
constexpr Description kCommandErrors{"centrifugo_api_command_errors_total",
                                     Kind::counter,
                                     "API calls that ended with an error.",
                                     {"protocol", "method", "error"}};

}  // namespace

Api::Api(Registry& registry)
    : command_duration(registry, kCommandSummary, kCommandHistogram),
      rpc_duration(registry, kRpcSummary, kRpcHistogram),
      command_errors(registry, kCommandErrors) {}

}  // namespace whirl::metrics
