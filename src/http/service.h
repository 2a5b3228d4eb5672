#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "http/router.h"
#include "net/loop.h"

namespace whirl::http {

/// What a listener serves on one loop, whichever version of HTTP the requests come by. Owned by the
/// listener's server, outlives its connections.
class Service {
 public:
  /// Told of each answer on a route, for metrics: the route's path, the method, the status (200 for a stream
  /// that was handed over).
  using OnAnswer = std::function<void(std::string_view path, std::string_view method, int status)>;

  Service(net::Loop& loop, Router router, OnAnswer on_answer = {});

  net::Loop& loop() { return loop_; }
  /// Of whoever is being served; handlers don't nest.
  Request& request() { return request_; }
  /// Asks the route's filters, and looks at what is known of the body's size. Null if that answered the
  /// request. A route stays valid for the life of the service.
  Route* admit(Request& request, Responder& responder);
  /// Called by carriers with each answer that they send.
  void tell_of_answer(const Exchange& exchange, int status);
  /// As the Date header has it.
  std::string_view date();

 private:
  net::Loop& loop_;
  Router router_;
  OnAnswer on_answer_;
  Request request_;
  std::string date_;
  std::int64_t date_seconds_ = 0;
};

}  // namespace whirl::http
