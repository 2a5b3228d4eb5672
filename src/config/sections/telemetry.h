#pragma once
#include <cstdint>
#include <string>

#include "config/duration.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Metrics for Prometheus to fetch.
struct Prometheus {
  bool enabled = false;
  std::string handler_prefix = "/metrics";
  bool instrument_http_handlers = false;
  bool recovered_publications_histogram = false;
  bool native_histograms = false;

  static const Table& table();
};

/// Metrics sent to Graphite.
struct Graphite {
  bool enabled = false;
  std::string host = "localhost";
  std::int64_t port = 2003;
  std::string prefix = "centrifugo";
  Duration interval = Duration::seconds(10);
  bool tags = false;

  static const Table& table();
};

/// Traces of API calls and consumers.
struct OpenTelemetry {
  bool enabled = false;
  bool api = false;
  bool consuming = false;
  bool google_cloud_adc_auth = false;

  static const Table& table();
};

}  // namespace whirl::config
