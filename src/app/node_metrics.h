#pragma once
#include <memory>

#include "app/scraper.h"
#include "hub/node.h"
#include "metrics/aggregate.h"
#include "net/timer_wheel.h"

namespace whirl::app {

/// Tells the node its metrics at the start and at each interval, for `info` of the API. Lives on one loop.
class NodeMetrics final : private net::Timer {
 public:
  /// An interval of 0 means a minute.
  NodeMetrics(net::Loop& loop, Scraper& scraper, hub::Node& node, std::int64_t interval_ms);
  ~NodeMetrics() override;

 private:
  void on_timer() override;
  void tell(const metrics::Snapshot& snapshot);

  net::Loop& loop_;
  Scraper& scraper_;
  hub::Node& node_;
  const std::int64_t interval_ms_;
  metrics::Aggregate aggregate_{false};
  std::shared_ptr<NodeMetrics*> self_;  // emptied at the end, for the scrape under way
};

}  // namespace whirl::app
