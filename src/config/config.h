#pragma once
#include <string>
#include <vector>

#include "config/sections/api.h"
#include "config/sections/channel.h"
#include "config/sections/client.h"
#include "config/sections/consumers.h"
#include "config/sections/endpoints.h"
#include "config/sections/engine.h"
#include "config/sections/http_server.h"
#include "config/sections/proxy.h"
#include "config/sections/rpc.h"
#include "config/sections/server.h"
#include "config/sections/telemetry.h"
#include "config/sections/transports.h"
#include "config/sections/uni_transports.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Every option of the server: one member per option of the file, named and nested as there. A
/// default-constructed one holds the defaults. Filled by load() before the loops start, and replaced as a
/// whole on reload; read-only in between.
struct Config {
  HTTPServer http_server;
  Log log;
  Engine engine;
  Broker broker;
  PresenceManager presence_manager;
  std::vector<NamedBroker> brokers;
  std::vector<NamedPresenceManager> presence_managers;
  MapBroker map_broker;
  Controller controller;
  SharedPoll shared_poll;
  Client client;
  Channel channel;
  RPC rpc;
  std::vector<NamedProxy> proxies;
  HttpAPI http_api;
  GrpcAPI grpc_api;
  std::vector<Consumer> consumers;
  WebSocket websocket;
  SSE sse;
  HTTPStream http_stream;
  WebTransport webtransport;
  UniSSE uni_sse;
  UniHTTPStream uni_http_stream;
  UniWebSocket uni_websocket;
  UniGRPC uni_grpc;
  Emulation emulation;
  Admin admin;
  Prometheus prometheus;
  Health health;
  Swagger swagger;
  Debug debug;
  ConnInit init;
  OpenTelemetry opentelemetry;
  Graphite graphite;
  UsageStats usage_stats;
  Node node;
  Shutdown shutdown;
  std::string pid_file;
  bool enable_unreleased_features = false;

  static const Table& table();
};

}  // namespace whirl::config
