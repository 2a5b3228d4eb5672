#include "config/config.h"

#include "config/table.h"

namespace whirl::config {

const Table& Config::table() {
  static const Row<Config> rows[] = {
      {"http_server", &Config::http_server, "The HTTP listeners."},
      {"log", &Config::log, "Logging."},
      {"engine", &Config::engine, "Where channels live: publications, history and presence."},
      {"broker", &Config::broker, "Who carries publications and keeps history, if it is not the engine."},
      {"presence_manager", &Config::presence_manager, "Who keeps presence, if it is not the engine."},
      {"brokers", &Config::brokers, "More brokers, for the namespaces that name them.", kOwn},
      {"presence_managers", &Config::presence_managers,
       "More presence managers, for the namespaces that name them.", kOwn},
      {"map_broker", &Config::map_broker, "Who keeps map channels."},
      {"controller", &Config::controller, "How nodes talk to each other."},
      {"shared_poll", &Config::shared_poll, "Shared poll subscriptions."},
      {"client", &Config::client, "Client connections."},
      {"channel", &Config::channel, "Channels and their namespaces."},
      {"rpc", &Config::rpc, "RPC calls of clients."},
      {"proxies", &Config::proxies, "Proxies that namespaces refer to by name."},
      {"http_api", &Config::http_api, "The server API over HTTP."},
      {"grpc_api", &Config::grpc_api, "The server API over gRPC."},
      {"consumers", &Config::consumers, "Sources of API commands, such as queues."},
      {"websocket", &Config::websocket, "The bidirectional WebSocket transport."},
      {"sse", &Config::sse, "The bidirectional SSE transport."},
      {"http_stream", &Config::http_stream, "The bidirectional HTTP-streaming transport."},
      {"webtransport", &Config::webtransport, "The bidirectional WebTransport transport. Experimental."},
      {"uni_sse", &Config::uni_sse, "The unidirectional SSE transport."},
      {"uni_http_stream", &Config::uni_http_stream, "The unidirectional HTTP-streaming transport."},
      {"uni_websocket", &Config::uni_websocket, "The unidirectional WebSocket transport."},
      {"uni_grpc", &Config::uni_grpc, "The unidirectional gRPC transport."},
      {"emulation", &Config::emulation,
       "Where clients of SSE and HTTP streaming send commands; served if one of these is on."},
      {"admin", &Config::admin, "The web interface for those who run the server."},
      {"prometheus", &Config::prometheus, "Metrics for Prometheus."},
      {"health", &Config::health, "The health endpoint."},
      {"swagger", &Config::swagger, "The description of the HTTP API."},
      {"debug", &Config::debug, "Profiling endpoints. Not for the public."},
      {"init", &Config::init, "The connection initialization endpoint."},
      {"opentelemetry", &Config::opentelemetry, "Traces."},
      {"graphite", &Config::graphite, "Metrics for Graphite."},
      {"usage_stats", &Config::usage_stats, "Accepted for compatibility: usage statistics are never sent."},
      {"node", &Config::node, "This node as a member of a cluster."},
      {"shutdown", &Config::shutdown, "How the server ends."},
      {"pid_file", &Config::pid_file, "File to write the process ID to; empty means none."},
      {"enable_unreleased_features", &Config::enable_unreleased_features,
       "Allows features that may change or go with any release."},
  };
  static const Table table("Config", rows);
  return table;
}

}  // namespace whirl::config
