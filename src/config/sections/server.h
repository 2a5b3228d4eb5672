#pragma once
#include <string>

#include "config/duration.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Where log lines go, and from which level on.
struct Log {
  std::string level = "info";
  std::string file;

  static const Table& table();
};

/// This node as a member of a cluster.
struct Node {
  std::string name;
  Duration info_metrics_aggregate_interval = Duration::minutes(1);

  static const Table& table();
};

/// How the server ends.
struct Shutdown {
  Duration timeout = Duration::seconds(30);

  static const Table& table();
};

/// Accepted for compatibility; nothing is ever sent.
struct UsageStats {
  bool disabled = false;

  static const Table& table();
};

}  // namespace whirl::config
