#include "app/loop_server.h"

#include "base/log.h"
#include "session/session.h"

namespace whirl::app {
namespace {

constexpr std::int64_t kLogLimitEveryMs = 3000;
constexpr std::int64_t kEndEveryMs = 50;
constexpr std::size_t kEndedAtOnce = 100;

/// The headers of requests that sessions look at.
std::vector<std::string> kept_headers(const config::Config& config) {
  const std::string& name = config.client.user_id_http_header;
  return name.empty() ? std::vector<std::string>() : std::vector<std::string>{name};
}

auto session_maker(session::Context& context) {
  return [&context](session::Connection& connection, session::ConnectionInfo info) {
    return session::Session::create(context, connection, std::move(info));
  };
}

template <class Section>
std::unique_ptr<transport::websocket::Endpoint> make_websocket(
    net::Loop& loop, const Section& section, const Shared& shared,
    std::shared_ptr<const http::OriginRule> origins, session::Context& context,
    metrics::LoopMetrics& metrics) {
  auto options = transport::websocket::Options::from(section, std::move(origins));
  options.kept_headers = kept_headers(shared.config);
  options.on_outgoing_close = [&metrics, transport = options.transport](std::uint32_t code) {
    metrics.transport.outgoing_close_count.with(transport, std::to_string(code)).add();
  };
  return std::make_unique<transport::websocket::Endpoint>(loop, std::move(options), session_maker(context));
}

std::unique_ptr<transport::webtransport::Endpoint> make_webtransport(
    net::Loop& loop, const Shared& shared, std::shared_ptr<const http::OriginRule> origins,
    session::Context& context, metrics::LoopMetrics& metrics) {
  auto options = transport::webtransport::Options::from(shared.config.webtransport, std::move(origins));
  options.kept_headers = kept_headers(shared.config);
  options.on_outgoing_close = [&metrics](std::uint32_t code) {
    metrics.transport.outgoing_close_count.with("webtransport", std::to_string(code)).add();
  };
  return std::make_unique<transport::webtransport::Endpoint>(loop, std::move(options),
                                                             session_maker(context));
}

http::Route page_route(std::string_view page) {
  http::Route route;
  route.path = "/";
  route.handler = [page](http::Request& request, http::Responder responder) {
    if (request.path != "/") return responder.error(404);
    responder.reply(200, "text/html; charset=utf-8", page);
  };
  return route;
}

/// Clients can make up methods; those that mean nothing share one label.
std::string_view method_label(std::string_view method) {
  for (std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (method == known) return known;
  }
  return "other";
}

}  // namespace

LoopServer::LoopServer(net::Loop& loop, Shared& shared)
    : loop_(loop),
      shared_(shared),
      metrics_(shared.scraper.of(loop.index())),
      session_metrics_(metrics_.registry, shared.config.prometheus),
      http_client_(loop),
      jwks_fetcher_(loop, http_client_),
      context_(loop, shared.node, session_metrics_),
      websocket_(make_websocket(loop, shared.config.websocket, shared, origins_, context_, metrics_)),
      uni_websocket_(make_websocket(loop, shared.config.uni_websocket, shared, origins_, context_, metrics_)),
      webtransport_(make_webtransport(loop, shared, origins_, context_, metrics_)),
      emulation_(shared.emulated, shared.node),
      uni_grpc_(loop, shared.config.uni_grpc.max_receive_message_size, session_maker(context_)),
      api_context_(api_context("http")),
      http_api_(api_context_, shared.config.http_api),
      grpc_context_(api_context("grpc")),
      grpc_api_(loop, grpc_context_, shared.config.grpc_api),
      admin_(shared.config.admin, http_api_, loop.clock()) {}

LoopServer::~LoopServer() = default;

api::Context LoopServer::api_context(std::string protocol) {
  return {shared_.node, metrics_.api, [this]() -> const channel::Rules& { return *context_.settings->rules; },
          std::move(protocol)};
}

Result<> LoopServer::configure(std::shared_ptr<const session::Settings> settings, http::OriginRule origins) {
  auto verifiers = make_verifiers(settings->client, jwks_fetcher_, loop_.clock());
  if (!verifiers) return tl::unexpected(verifiers.error());
  context_.configure(std::move(settings), std::move(verifiers->connection),
                     std::move(verifiers->subscription));
  *origins_ = std::move(origins);
  return {};
}

http::Router LoopServer::make_router(const Listener& listener) {
  http::Router router;
  if (!listener.alt_svc.empty()) router.add_filter(http::add_header("Alt-Svc", listener.alt_svc));
  for (const Endpoint* endpoint : listener.endpoints) endpoint->mount(*this, router);
  if (!shared_.page.empty() && !listener.grpc) router.add(page_route(shared_.page));
  return router;
}

http::Service::OnAnswer LoopServer::count_answers() {
  const config::Prometheus& prometheus = shared_.config.prometheus;
  if (!prometheus.enabled || !prometheus.instrument_http_handlers) return {};
  return [this](std::string_view path, std::string_view method, int status) {
    metrics_.node.incoming_http_requests.with(path, method_label(method), std::to_string(status)).add();
  };
}

void LoopServer::listen(const Listener& listener, Http3& http3) {
  http3_ = http3.serve(loop_, make_router(listener), count_answers());
}

void LoopServer::listen(const Listener& listener, net::Fd socket) {
  http::ServerOptions options;
  if (!listener.grpc) options.on_answer = count_answers();
  options.http2 = listener.http2;
  Port& port = *ports_.emplace_back(std::make_unique<Port>(loop_, make_router(listener), std::move(options)));
  port.acceptor = std::make_unique<net::Acceptor>(
      loop_, std::move(socket), [&port](net::StreamPtr stream) { port.http.accept(std::move(stream)); },
      listener.tls);
  if (listener.proxied) port.acceptor->expect_proxy_headers();
}

void LoopServer::use(std::size_t index, std::shared_ptr<const net::TlsContext> tls) {
  ports_[index]->acceptor->use(std::move(tls));
}

void LoopServer::begin_shutdown() {
  for (auto& port : ports_) port->acceptor->close();
  for (auto& port : ports_) port->http.shutdown();
  if (http3_) http3_->begin_shutdown();
  const std::int64_t steps = std::max<std::int64_t>(1, config().shutdown.timeout.ms() / 2 / kEndEveryMs);
  ended_at_a_time_ = std::max(kEndedAtOnce, clients() / static_cast<std::size_t>(steps) + 1);
  end_some_clients();
}

void LoopServer::end_some_clients() {
  std::size_t most = ended_at_a_time_;
  auto end = [&most](auto& endpoint) {
    const std::size_t before = endpoint.connections();
    endpoint.shutdown(most);
    most -= std::min(most, before - endpoint.connections());
  };
  end(*websocket_);
  end(*uni_websocket_);
  end(*webtransport_);
  end(uni_grpc_);
  for (auto& stream : streams_) end(*stream);
  if (clients() > 0) loop_.arm(end_timer_, kEndEveryMs);
}

std::size_t LoopServer::clients() const {
  std::size_t clients = websocket_->connections() + uni_websocket_->connections() +
                        webtransport_->connections() + uni_grpc_.connections();
  for (auto& stream : streams_) clients += stream->connections();
  return clients;
}

bool LoopServer::has_connections() const {
  std::size_t connections = clients();
  for (auto& port : ports_) connections += port->http.connections();
  if (http3_) connections += http3_->connections();
  return connections > 0;
}

transport::streaming::Endpoint& LoopServer::add_stream(transport::streaming::Options options) {
  options.kept_headers = kept_headers(config());
  return *streams_.emplace_back(std::make_unique<transport::streaming::Endpoint>(
      loop_, std::move(options), shared_.emulated, session_maker(context_)));
}

bool LoopServer::admit_connection(http::Responder& responder) {
  if (!shared_.connection_rate.allow(loop_.now_ms())) {
    responder.empty(503);
    return false;
  }
  auto limit =
      static_cast<std::size_t>(std::max<std::int64_t>(0, context_.settings->client.connection_limit));
  if (limit == 0 || shared_.node.num_clients() < limit) return true;
  metrics_.node.client_connection_limit->add();
  if (limit_logged_ms_ == 0 || loop_.now_ms() - limit_logged_ms_ > kLogLimitEveryMs) {
    limit_logged_ms_ = loop_.now_ms();
    log::warn("connections are refused: client.connection_limit is reached", {{"limit", limit}});
  }
  responder.empty(503);
  return false;
}

std::vector<http::Filter> LoopServer::limit_filters() {
  return {[this](http::Request&, http::Responder& responder) { return admit_connection(responder); }};
}

std::vector<http::Filter> LoopServer::connection_filters() {
  std::vector<http::Filter> filters = limit_filters();
  filters.push_back(http::cors(origins_));
  return filters;
}

}  // namespace whirl::app
