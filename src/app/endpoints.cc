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

void mount_api(LoopServer& server, Router& router) {
  server.http_api().mount(router);
}

void mount_prometheus(LoopServer& server, Router& router) {
  http::Route route;
  route.path = Router::path_of_prefix(server.config().prometheus.handler_prefix);
  route.handler = [&server](Request&, Responder responder) {
    server.scraper().collect([responder = std::move(responder), &server](metrics::Snapshot sums) mutable {
      metrics::TextOptions options{.native_histograms = server.config().prometheus.native_histograms};
      responder.reply(200, metrics::kTextContentType, metrics::text(sums, options));
    });
  };
  router.add(std::move(route));
}

void mount_health(LoopServer& server, Router& router) {
  http::Route route;
  route.path = Router::path_of_prefix(server.config().health.handler_prefix);
  route.handler = [](Request&, Responder responder) { responder.reply(200, "application/json", "{}"); };
  router.add(std::move(route));
}

constexpr Endpoint kEndpoints[] = {
    {"websocket", [](const Config& c) { return !c.websocket.disabled; }, yes, mount_websocket},
    {"api", [](const Config& c) { return !c.http_api.disabled; },
     [](const Config& c) { return c.http_api.external; }, mount_api},
    {"prometheus", [](const Config& c) { return c.prometheus.enabled; }, no, mount_prometheus},
    {"health", [](const Config& c) { return c.health.enabled; }, no, mount_health},
};

}  // namespace

std::span<const Endpoint> endpoints() {
  return kEndpoints;
}

}  // namespace whirl::app
