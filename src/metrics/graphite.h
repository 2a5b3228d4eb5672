#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "metrics/aggregate.h"

namespace whirl::metrics {

/// Graphite's plaintext protocol.
class Graphite {
 public:
  Graphite(std::string prefix, bool tags) : prefix_(std::move(prefix)), aggregate_(tags) {}

  /// One line for each value of the aggregate.
  std::string lines(const Snapshot& snapshot, std::int64_t unix_seconds);

  /// A text as one component of a path: dots, spaces and what is not ASCII become "_".
  static std::string component(std::string_view text);

 private:
  const std::string prefix_;
  Aggregate aggregate_;
};

}  // namespace whirl::metrics
