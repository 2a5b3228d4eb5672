#include "metrics/proxy.h"

#include "metrics/bounds.h"

namespace whirl::metrics {
namespace {

constexpr std::array<std::string_view, 4> kLabels{"protocol", "type", "name"};
constexpr Description kSummary{"centrifugo_proxy_duration_seconds", Kind::summary,
                               "Time that calls to the application backend took.", kLabels};
constexpr Description kHistogram{"centrifugo_proxy_duration_seconds_histogram", Kind::histogram,
                                 "Time that calls to the application backend took.", kLabels,
                                 kSecondsFromFiveMilli};
constexpr Description kErrors{"centrifugo_proxy_errors", Kind::counter,
                              "Calls to the application backend that failed.", kLabels};
constexpr Description kInflight{"centrifugo_proxy_inflight_requests", Kind::gauge,
                                "Calls to the application backend under way.", kLabels};

}  // namespace

Proxy::Proxy(Registry& registry)
    : duration(registry, kSummary, kHistogram),
      errors(registry, kErrors),
      inflight_requests(registry, kInflight) {}

}  // namespace whirl::metrics
