#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "http/rate_limit.h"
#include "http/router.h"
#include "metrics/node.h"

namespace whirl::transport {

/// Refuses requests for connections with 503: above client.connection_rate_limit (the bucket is shared by all
/// loops of the process).
http::Filter limit_connection_rate(std::shared_ptr<http::RateLimit> limit,
                                   const Clock& clock = system_clock());

/// The same at client.connection_limit connections in this process, which `connections` counts. Counts
/// refusals, and says so in the log every few seconds.
http::Filter limit_connections(std::int64_t limit, std::function<std::size_t()> connections,
                               metrics::Node& metrics, const Clock& clock = system_clock());

}  // namespace whirl::transport
