#pragma once
#include <memory>
#include <vector>

#include "admin/admin.h"
#include "api/grpc_api.h"
#include "api/http_api.h"
#include "app/http3.h"
#include "app/listeners.h"
#include "app/scraper.h"
#include "app/settings.h"
#include "auth/http_jwks_fetcher.h"
#include "broker/health.h"
#include "config/config.h"
#include "http/filters.h"
#include "http/rate_limit.h"
#include "http/server.h"
#include "hub/node.h"
#include "net/acceptor.h"
#include "net/http_client.h"
#include "session/context.h"
#include "transport/emulation/endpoint.h"
#include "transport/grpc/endpoint.h"
#include "transport/streaming/endpoint.h"
#include "transport/websocket/endpoint.h"
#include "transport/webtransport/endpoint.h"

namespace whirl::app {

/// What the loops of the server share. Immutable while they run, but for what is safe to use from any of
/// them.
struct Shared {
  net::Runtime& runtime;
  hub::Node& node;
  transport::emulation::Sessions& emulated;  ///< whose commands come by emulation
  Scraper& scraper;
  const broker::Health& health;
  config::Config config;             ///< as it was at the start
  http::RateLimit& connection_rate;  ///< of all loops together
  std::string_view page;             ///< see ServeOptions
};

/// The part of the server that one loop runs: its endpoints, HTTP servers and acceptors. Made before the loop
/// runs and destroyed after it ended; used on the loop.
class LoopServer {
 public:
  LoopServer(net::Loop& loop, Shared& shared);
  ~LoopServer();

  /// Begins or changes with a reload what sessions follow and which pages may connect. Fails on what
  /// verifiers cannot work with.
  Result<> configure(std::shared_ptr<const session::Settings> settings, http::OriginRule origins);
  /// Begins to take connections from a socket of the listener.
  void listen(const Listener& listener, net::Fd socket);
  /// Encrypts by another context what comes in from now on by the listener that was the `index`th to be
  /// listened on.
  void use(std::size_t index, std::shared_ptr<const net::TlsContext> tls);
  /// Serves the same over HTTP/3, which listen() told clients of.
  void listen(const Listener& listener, Http3& http3);
  /// Takes no more connections, and tells the clients to go: a few at once, many spread over half of
  /// shutdown.timeout, so that they do not come back all in the same moment.
  void begin_shutdown();
  bool has_connections() const;

  // For endpoints.
  net::Loop& loop() { return loop_; }
  const config::Config& config() const { return shared_.config; }
  hub::Node& node() { return shared_.node; }
  Scraper& scraper() { return shared_.scraper; }
  const broker::Health& health() const { return shared_.health; }
  session::Context& context() { return context_; }
  transport::websocket::Endpoint& websocket() { return *websocket_; }
  transport::websocket::Endpoint& uni_websocket() { return *uni_websocket_; }
  transport::webtransport::Endpoint& webtransport() { return *webtransport_; }
  transport::emulation::Endpoint& emulation() { return emulation_; }
  transport::streaming::Endpoint& add_stream(transport::streaming::Options options);
  transport::grpc::Endpoint& uni_grpc() { return uni_grpc_; }
  api::HttpApi& http_api() { return http_api_; }
  api::GrpcApi& grpc_api() { return grpc_api_; }
  admin::Admin& admin() { return admin_; }
  /// What each endpoint for clients asks first: limits of connections, then the CORS headers.
  std::vector<http::Filter> connection_filters();
  /// The limits alone.
  std::vector<http::Filter> limit_filters();
  std::vector<http::Filter> cors_filters() { return {http::cors(origins_)}; }

 private:
  struct Port {
    Port(net::Loop& loop, http::Router router, http::ServerOptions options)
        : http(loop, std::move(router), std::move(options)) {}
    http::Server http;
    std::unique_ptr<net::Acceptor> acceptor;
  };

  http::Router make_router(const Listener& listener);
  http::Service::OnAnswer count_answers();
  api::Context api_context(std::string protocol);
  bool admit_connection(http::Responder& responder);
  std::size_t clients() const;
  void end_some_clients();

  net::Loop& loop_;
  Shared& shared_;
  metrics::LoopMetrics& metrics_;
  session::Metrics session_metrics_;
  net::HttpClient http_client_;
  auth::HttpJwksFetcher jwks_fetcher_;
  session::Context context_;
  const std::shared_ptr<http::OriginRule> origins_ = std::make_shared<http::OriginRule>();
  std::unique_ptr<transport::websocket::Endpoint> websocket_;
  std::unique_ptr<transport::websocket::Endpoint> uni_websocket_;
  std::unique_ptr<transport::webtransport::Endpoint> webtransport_;
  transport::emulation::Endpoint emulation_;
  std::vector<std::unique_ptr<transport::streaming::Endpoint>> streams_;
  transport::grpc::Endpoint uni_grpc_;
  api::Context api_context_;
  api::HttpApi http_api_;
  api::Context grpc_context_;
  api::GrpcApi grpc_api_;
  admin::Admin admin_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::unique_ptr<Http3::Port> http3_;
  std::int64_t limit_logged_ms_ = 0;
  std::size_t ended_at_a_time_ = 0;  // while shutting down
  net::CallbackTimer end_timer_{[this] { end_some_clients(); }};
};

}  // namespace whirl::app
