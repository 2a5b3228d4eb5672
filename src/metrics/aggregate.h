#pragma once
#include <map>
#include <string>
#include <vector>

#include "metrics/registry.h"

namespace whirl::metrics {

/// Snapshots as flat lists of values with the paths that Centrifugo gives them where it tells them to others
/// than Prometheus: underscores after the first two words become dots, labels are path components or tags.
/// Counters, and sums and counts of summaries, are what came since the snapshot before, which it remembers.
/// Histograms are left out: a summary stands beside each.
class Aggregate {
 public:
  struct Value {
    std::string path;
    double value = 0;
    bool is_whole = false;  ///< a number of events
  };

  explicit Aggregate(bool tags) : tags_(tags) {}

  std::vector<Value> since_last(const Snapshot& snapshot);

 private:
  double change(const std::string& path, double value);

  const bool tags_;
  std::map<std::string, double> last_;
};

}  // namespace whirl::metrics
