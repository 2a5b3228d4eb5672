#include "transport/connection_limits.h"

#include <atomic>
#include <utility>

#include "base/log.h"

namespace whirl::transport {
namespace {

constexpr std::int64_t kWarningIntervalMs = 3000;

/// True for the first caller of an interval, over all loops.
bool may_warn(std::int64_t now_ms) {
  static std::atomic<std::int64_t> next_ms{0};
  std::int64_t next = next_ms.load(std::memory_order_relaxed);
  return now_ms >= next && next_ms.compare_exchange_strong(next, now_ms + kWarningIntervalMs);
}

}  // namespace

http::Filter limit_connection_rate(std::shared_ptr<http::RateLimit> limit, const Clock& clock) {
  return [limit = std::move(limit), &clock](http::Request&, http::Responder& responder) {
    if (limit->allow(clock.monotonic_ms())) return true;
    responder.empty(503);
    return false;
  };
}

http::Filter limit_connections(std::int64_t limit, std::function<std::size_t()> connections,
                               metrics::Node& metrics, const Clock& clock) {
  return [limit, connections = std::move(connections), &metrics, &clock](http::Request&,
                                                                         http::Responder& responder) {
    if (connections() < static_cast<std::size_t>(limit)) return true;
    metrics.client_connection_limit->add();
    if (may_warn(clock.monotonic_ms())) log::warn("node connection limit reached", {{"limit", limit}});
    responder.empty(503);
    return false;
  };
}

}  // namespace whirl::transport
