#include "http/service.h"

#include <utility>

#include "base/log.h"
#include "http/response.h"

namespace whirl::http {
namespace {

// Behind a proxy, what that one says; for people who read the log only, as anybody can say anything.
std::string client_address(const Request& request, const Responder& responder) {
  for (std::string_view name : {"X-Real-IP", "X-Forwarded-For"}) {
    std::string_view address = request.header(name);
    if (!address.empty()) return std::string(address);
  }
  return responder.peer_address();
}

}  // namespace

Service::Service(net::Loop& loop, Router router, OnAnswer on_answer)
    : loop_(loop), router_(std::move(router)), on_answer_(std::move(on_answer)) {}

Route* Service::admit(Request& request, Responder& responder) {
  if (log::enabled(log::Level::debug)) {
    log::debug(
        "http request",
        {{"method", request.method}, {"path", request.path}, {"addr", client_address(request, responder)}});
  }
  Route* route = router_.find(request.path);
  if (!route) {
    responder.error(404, "404 page not found");
    return nullptr;
  }
  if (on_answer_) {
    responder.exchange_->route = route->path;
    responder.exchange_->method = request.method;
  }
  for (const Filter& filter : route->filters) {
    if (!filter(request, responder)) return nullptr;
  }
  if (request.content_length > route->max_body) {
    responder.close_after();
    responder.empty(413);
    return nullptr;
  }
  return route;
}

void Service::tell_of_answer(const Exchange& exchange, int status) {
  if (!exchange.route.empty()) on_answer_(exchange.route, exchange.method, status);
}

std::string_view Service::date() {
  std::int64_t now = loop_.clock().unix_ms() / 1000;
  if (now != date_seconds_) {
    date_seconds_ = now;
    date_ = http_date(now);
  }
  return date_;
}

}  // namespace whirl::http
