#include "config/sections/telemetry.h"

#include "config/table.h"

namespace whirl::config {

const Table& Prometheus::table() {
  static const Row<Prometheus> rows[] = {
      {"enabled", &Prometheus::enabled, "Turns it on."},
      {"handler_prefix", &Prometheus::handler_prefix, "Path it is served at."},
      {"instrument_http_handlers", &Prometheus::instrument_http_handlers,
       "Measures requests of each endpoint too."},
      {"recovered_publications_histogram", &Prometheus::recovered_publications_histogram,
       "Measures how many publications subscriptions recover."},
      {"native_histograms", &Prometheus::native_histograms, "Adds native histograms."},
  };
  static const Table table("Prometheus", rows);
  return table;
}

const Table& Graphite::table() {
  static const Row<Graphite> rows[] = {
      {"enabled", &Graphite::enabled, "Turns it on."},
      {"host", &Graphite::host, "Host to send to."},
      {"port", &Graphite::port, "Port to send to."},
      {"prefix", &Graphite::prefix, "What the names of all metrics start with."},
      {"interval", &Graphite::interval, "How often metrics are sent."},
      {"tags", &Graphite::tags, "Sends labels as tags."},
  };
  static const Table table("Graphite", rows);
  return table;
}

const Table& OpenTelemetry::table() {
  static const Row<OpenTelemetry> rows[] = {
      {"enabled", &OpenTelemetry::enabled, "Exports traces; the standard `OTEL_` variables say where to."},
      {"api", &OpenTelemetry::api, "Traces calls of the server API."},
      {"consuming", &OpenTelemetry::consuming, "Traces consumers."},
      {"google_cloud_adc_auth", &OpenTelemetry::google_cloud_adc_auth,
       "Authenticates with Google's application default credentials."},
  };
  static const Table table("OpenTelemetry", rows);
  return table;
}

}  // namespace whirl::config
