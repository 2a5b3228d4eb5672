#pragma once
#include <string>
#include <string_view>

#include "metrics/registry.h"

namespace whirl::metrics {

inline constexpr std::string_view kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

/// The Prometheus text format, families in the order of their names.
std::string text(const Snapshot& snapshot);

/// Adds what the kernel knows about this process: memory, CPU time, descriptors, start time.
void add_process_metrics(Snapshot& snapshot);

}  // namespace whirl::metrics
