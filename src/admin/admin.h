#pragma once
#include <string>

#include "api/http_api.h"
#include "base/clock.h"
#include "config/sections/endpoints.h"
#include "http/router.h"

namespace whirl::admin {

/// The admin interface of one loop, below the handler prefix: a page, a login that exchanges the password for
/// a token, and the methods of the server API for those who have one. Made before the loop runs; outlives the
/// HTTP servers that its routes are mounted on.
class Admin {
 public:
  /// The API's calls are made on its loop. API and clock outlive the object.
  Admin(const config::Admin& options, api::HttpApi& api, const Clock& clock);

  void mount(http::Router& router);

 private:
  bool authenticated(const http::Request& request) const;
  http::Filter require_token() const;
  void serve_init(const http::Request& request, http::Responder responder) const;
  void log_in(const http::Request& request, http::Responder responder) const;

  const config::Admin options_;
  api::HttpApi& api_;
  const Clock& clock_;
};

}  // namespace whirl::admin
