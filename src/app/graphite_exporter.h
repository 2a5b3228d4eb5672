#pragma once
#include <string>

#include "app/scraper.h"
#include "config/sections/telemetry.h"
#include "metrics/graphite.h"
#include "net/connector.h"

namespace whirl::app {

/// Sends all metrics to Graphite at each interval, over a connection of its own each time. Lives on one loop;
/// what cannot be sent in time is lost, and said in the log once until it works again.
class GraphiteExporter final : private net::Timer {
 public:
  GraphiteExporter(net::Loop& loop, Scraper& scraper, const config::Graphite& options,
                   const std::string& node_name);
  ~GraphiteExporter() override;

 private:
  void on_timer() override;
  void send(metrics::Snapshot snapshot);

  static constexpr std::int64_t kConnectTimeoutMs = 1000;

  net::Loop& loop_;
  Scraper& scraper_;
  const net::ConnectAddress address_;
  const std::int64_t interval_ms_;
  metrics::Graphite format_;
  net::Connector connector_;
  bool failing_ = false;
  std::shared_ptr<GraphiteExporter*> self_;  // emptied at the end, for the scrape under way
};

}  // namespace whirl::app
