#include "app/endpoints.h"

#include "app/loop_server.h"
#include "http/filters.h"
#include "metrics/exposition.h"

namespace whirl::app {
namespace {

using config::Config;
using http::Request;
using http::Responder;
using http::Router;
using transport::streaming::Options;

constexpr std::int64_t kDefaultRequestBody = 64 * 1024;

bool yes(const Config&) {
  return true;
}
bool no(const Config&) {
  return false;
}

void mount_websocket(LoopServer& server, Router& router) {
  http::Route route;
  route.path = Router::path_of_prefix(server.config().websocket.handler_prefix);
  route.filters = server.connection_filters();
  route.handler = [&server](Request& request, Responder responder) {
    server.websocket().handle(request, std::move(responder));
  };
  router.add(std::move(route));
}

void mount_init(LoopServer& server, Router& router) {
  http::Route route;
  route.path = Router::path_of_prefix(server.config().init.handler_prefix);
  route.filters = server.connection_filters();
  route.filters.insert(route.filters.begin(), http::require_method("GET"));
  route.handler = [](Request&, Responder responder) {
    responder.reply(200, "application/json; charset=utf-8", "{}");
  };
  router.add(std::move(route));
}

void mount(Router& router, std::string_view prefix, std::int64_t max_body, std::vector<http::Filter> filters,
           http::Handler handler) {
  http::Route route;
  route.path = Router::path_of_prefix(prefix);
  route.filters = std::move(filters);
  route.handler = std::move(handler);
  route.max_body = static_cast<std::uint64_t>(max_body > 0 ? max_body : kDefaultRequestBody);
  router.add(std::move(route));
}

void mount_webtransport(LoopServer& server, Router& router) {
  mount(router, server.config().webtransport.handler_prefix, 0, server.connection_filters(),
        [&server](Request& request, Responder responder) {
          server.webtransport().handle(request, std::move(responder));
        });
}

template <class Section>
void mount_stream(LoopServer& server, Router& router, const Section& section,
                  transport::streaming::Options options) {
  auto& stream = server.add_stream(std::move(options));
  mount(router, section.handler_prefix, section.max_request_body_size, server.connection_filters(),
        [&stream](Request& request, Responder responder) { stream.handle(request, std::move(responder)); });
}

void mount_http_stream(LoopServer& server, Router& router) {
  mount_stream(server, router, server.config().http_stream, Options::http_stream());
}

void mount_sse(LoopServer& server, Router& router) {
  mount_stream(server, router, server.config().sse, Options::sse());
}

void mount_uni_http_stream(LoopServer& server, Router& router) {
  const auto& section = server.config().uni_http_stream;
  mount_stream(server, router, section, Options::from(section));
}

void mount_uni_sse(LoopServer& server, Router& router) {
  const auto& section = server.config().uni_sse;
  mount_stream(server, router, section, Options::from(section));
}

void mount_uni_websocket(LoopServer& server, Router& router) {
  mount(router, server.config().uni_websocket.handler_prefix, 0, server.connection_filters(),
        [&server](Request& request, Responder responder) {
          server.uni_websocket().handle(request, std::move(responder));
        });
}

void mount_emulation(LoopServer& server, Router& router) {
  const auto& section = server.config().emulation;
  mount(router, section.handler_prefix, section.max_request_body_size, server.cors_filters(),
        [&server](Request& request, Responder responder) {
          server.emulation().handle(request, std::move(responder));
        });
}

void mount_api(LoopServer& server, Router& router) {
  server.http_api().mount(router);
}

void mount_admin(LoopServer& server, Router& router) {
  server.admin().mount(router);
}

void mount_prometheus(LoopServer& server, Router& router) {
  http::Route route;
  route.path = Router::path_of_prefix(server.config().prometheus.handler_prefix);
  route.handler = [&server](Request&, Responder responder) {
    server.scraper().collect([responder = std::move(responder)](metrics::Snapshot sums) mutable {
      responder.reply(200, metrics::kTextContentType, metrics::text(sums));
    });
  };
  router.add(std::move(route));
}

/// A line for each part of the engine that does not work: "part: trouble".
void answer_readiness(const broker::Health& health, Responder responder) {
  std::string troubles;
  for (const auto& [part, trouble] : health.troubles()) troubles += fmt::format("{}: {}\n", part, trouble);
  if (troubles.empty()) return responder.reply(200, "application/json", "{}");
  responder.reply(503, "text/plain; charset=utf-8", troubles);
}

void mount_health(LoopServer& server, Router& router) {
  http::Route route;
  route.path = Router::path_of_prefix(server.config().health.handler_prefix);
  route.handler = [](Request&, Responder responder) { responder.reply(200, "application/json", "{}"); };
  http::Route readiness;
  readiness.path = route.path == "/" ? std::string("/ready") : route.path + "/ready";
  readiness.handler = [&health = server.health()](Request&, Responder responder) {
    answer_readiness(health, std::move(responder));
  };
  router.add(std::move(route));
  router.add(std::move(readiness));
}

constexpr Endpoint kEndpoints[] = {
    {"websocket", [](const Config& c) { return !c.websocket.disabled; }, yes, mount_websocket},
    {"webtransport", [](const Config& c) { return c.webtransport.enabled; }, yes, mount_webtransport},
    {"init", [](const Config& c) { return c.init.enabled; }, yes, mount_init},
    {"http_stream", [](const Config& c) { return c.http_stream.enabled; }, yes, mount_http_stream},
    {"sse", [](const Config& c) { return c.sse.enabled; }, yes, mount_sse},
    {"emulation", [](const Config& c) { return c.http_stream.enabled || c.sse.enabled; }, yes,
     mount_emulation},
    {"uni_websocket", [](const Config& c) { return c.uni_websocket.enabled; }, yes, mount_uni_websocket},
    {"uni_http_stream", [](const Config& c) { return c.uni_http_stream.enabled; }, yes,
     mount_uni_http_stream},
    {"uni_sse", [](const Config& c) { return c.uni_sse.enabled; }, yes, mount_uni_sse},
    {"api", [](const Config& c) { return !c.http_api.disabled; },
     [](const Config& c) { return c.http_api.external; }, mount_api},
    {"admin", [](const Config& c) { return c.admin.enabled; },
     [](const Config& c) { return c.admin.external; }, mount_admin},
    {"prometheus", [](const Config& c) { return c.prometheus.enabled; }, no, mount_prometheus},
    {"health", [](const Config& c) { return c.health.enabled; }, no, mount_health},
};

void mount_grpc_api(LoopServer& server, Router& router) {
  server.grpc_api().mount(router);
}

void mount_uni_grpc(LoopServer& server, Router& router) {
  server.uni_grpc().mount(router, server.limit_filters());
}

}  // namespace

const Endpoint kGrpcApi{"grpc_api", [](const Config& c) { return c.grpc_api.enabled; }, no, mount_grpc_api};
const Endpoint kUniGrpc{"uni_grpc", [](const Config& c) { return c.uni_grpc.enabled; }, yes, mount_uni_grpc};

std::span<const Endpoint> endpoints() {
  return kEndpoints;
}

}  // namespace whirl::app
