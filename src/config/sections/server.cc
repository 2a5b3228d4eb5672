#include "config/sections/server.h"

#include "config/table.h"

namespace whirl::config {

const Table& Log::table() {
  static const Row<Log> rows[] = {
      {"level", &Log::level,
       "Least important level that is written: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or "
       "`none`."},
      {"file", &Log::file, "File to append to; empty means the standard error output."},
  };
  static const Table table("Log", rows);
  return table;
}

const Table& Node::table() {
  static const Row<Node> rows[] = {
      {"name", &Node::name, "Name of this node for people; unique in a cluster. Empty means host and port."},
      {"info_metrics_aggregate_interval", &Node::info_metrics_aggregate_interval,
       "Span that the metrics shown in node information cover."},
  };
  static const Table table("Node", rows);
  return table;
}

const Table& Shutdown::table() {
  static const Row<Shutdown> rows[] = {
      {"timeout", &Shutdown::timeout,
       "How long connections and requests may take to end before the process ends anyway."},
  };
  static const Table table("Shutdown", rows);
  return table;
}

const Table& UsageStats::table() {
  static const Row<UsageStats> rows[] = {
      {"disabled", &UsageStats::disabled, "Accepted for compatibility: usage statistics are never sent."},
  };
  static const Table table("UsageStats", rows);
  return table;
}

}  // namespace whirl::config
