#pragma once
#include <memory>
#include <vector>

#include "base/function.h"
#include "metrics/loop_metrics.h"
#include "net/runtime.h"

namespace whirl::app {

/// The metrics of all loops and the way to their sum. Made before everything that counts, destroyed after it.
class Scraper {
 public:
  explicit Scraper(net::Runtime& runtime);

  metrics::LoopMetrics& of(int loop) { return *loops_[static_cast<std::size_t>(loop)]; }
  /// Asks every loop for its values and calls back with the sums, on the calling loop.
  void collect(UniqueFunction<void(metrics::Snapshot)> done);

 private:
  struct Round;
  net::Runtime& runtime_;
  std::vector<std::unique_ptr<metrics::LoopMetrics>> loops_;
};

}  // namespace whirl::app
