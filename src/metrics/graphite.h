#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "metrics/registry.h"

namespace whirl::metrics {

/// Graphite's plaintext protocol, with the paths that Centrifugo gives its metrics: underscores after the
/// first two words become dots, labels are path components or tags. Counters, and sums and counts of
/// summaries, are what came since the snapshot before, which it remembers. Histograms are left out: a summary
/// stands beside each.
class Graphite {
 public:
  Graphite(std::string prefix, bool tags) : prefix_(std::move(prefix)), tags_(tags) {}

  /// One line for each value.
  std::string lines(const Snapshot& snapshot, std::int64_t unix_seconds);

  /// A text as one component of a path: dots, spaces and what is not ASCII become "_".
  static std::string component(std::string_view text);

 private:
  double since_last(const std::string& path, double value);

  const std::string prefix_;
  const bool tags_;
  std::map<std::string, double> last_;
};

}  // namespace whirl::metrics
