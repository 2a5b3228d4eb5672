#include "admin/admin.h"

#include <utility>

#include "admin/page.h"
#include "admin/token.h"
#include "api/same_text.h"
#include "base/log.h"
#include "http/filters.h"
#include "http/url.h"

namespace whirl::admin {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::uint64_t kMaxLogin = 1024 * 1024;  // bytes of a form

/// The page needs nothing but itself and the endpoints beside it, and nobody may put it in a frame.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The token in "token TOKEN", empty if the header is of another kind.
std::string_view token_of(std::string_view header) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t scheme_end = header.find_first_of(kSpace);
  if (!http::equal_fold(header.substr(0, scheme_end), "token")) return {};
  const std::size_t start = header.find_first_not_of(kSpace, scheme_end);
  if (start == std::string_view::npos) return {};
  const std::string_view token = header.substr(start);
  return token.find_first_of(kSpace) == std::string_view::npos ? token : std::string_view();
}

bool is_form(const http::Request& request) {
  std::string_view type = request.header("Content-Type");
  type = type.substr(0, type.find_first_of("; \t"));
  return http::equal_fold(type, "application/x-www-form-urlencoded");
}

std::string_view json_bool(bool value) {
  return value ? "true" : "false";
}

void serve_page(http::Responder responder) {
  responder.header("Content-Security-Policy", kPagePolicy);
  responder.header("Cache-Control", "no-cache");
  responder.reply(200, "text/html; charset=utf-8", page());
}

void add(http::Router& router, std::string path, std::vector<http::Filter> filters, http::Handler handler,
         std::uint64_t max_body = http::kDefaultBodyLimit) {
  http::Route route;
  route.path = std::move(path);
  route.filters = std::move(filters);
  route.handler = std::move(handler);
  route.max_body = max_body;
  router.add(std::move(route));
}

}  // namespace

Admin::Admin(const config::Admin& options, api::HttpApi& api, const Clock& clock)
    : options_(options), api_(api), clock_(clock) {}

void Admin::mount(http::Router& router) {
  const std::string prefix = http::Router::path_of_prefix(options_.handler_prefix);
  const std::string root = prefix == "/" ? prefix : prefix + "/";
  add(router, root + "admin/init", {}, [this](http::Request& request, http::Responder responder) {
    serve_init(request, std::move(responder));
  });
  add(
      router, root + "admin/auth", {http::require_method("POST")},
      [this](http::Request& request, http::Responder responder) { log_in(request, std::move(responder)); },
      kMaxLogin);
  add(router, root + "admin/api", {http::require_method("POST"), require_token()},
      [this](http::Request& request, http::Responder responder) {
        api_.serve_method_calls(request, std::move(responder));
      });
  add(router, root, {}, [root](http::Request& request, http::Responder responder) {
    if (request.path != root) return responder.error(404, "404 page not found");
    serve_page(std::move(responder));
  });
  if (prefix == root) return;
  add(router, prefix, {}, [root](http::Request&, http::Responder responder) {
    responder.header("Location", root);
    responder.empty(301);
  });
}

bool Admin::authenticated(const http::Request& request) const {
  return options_.insecure ||
         accepts_token(options_.secret, token_of(request.header("Authorization")), clock_.unix_ms() / 1000);
}

http::Filter Admin::require_token() const {
  return [this](http::Request& request, http::Responder& responder) {
    if (authenticated(request)) return true;
    responder.empty(401);
    return false;
  };
}

void Admin::serve_init(const http::Request& request, http::Responder responder) const {
  responder.reply(200, kJson,
                  fmt::format("{{\"authenticated\":{},\"edition\":\"oss\",\"insecure\":{}}}\n",
                              json_bool(authenticated(request)), json_bool(options_.insecure)));
}

void Admin::log_in(const http::Request& request, http::Responder responder) const {
  if (options_.password.empty() || options_.secret.empty()) {
    log::error("nobody can log in to the admin interface: set admin.password and admin.secret");
    return responder.error(400);
  }
  std::string password;
  if (is_form(request)) password = http::query_value(request.body, "password");
  if (password.empty()) password = request.query_value("password");
  if (!api::same_text(password, options_.password)) {
    log::warn("wrong password for the admin interface", {{"address", responder.peer_address()}});
    return responder.error(400);
  }
  const std::int64_t until = clock_.unix_ms() / 1000 + kTokenLifetimeS;
  responder.header("Cache-Control", "no-store");
  responder.reply(200, kJson, fmt::format("{{\"token\":\"{}\"}}\n", make_token(options_.secret, until)));
}

}  // namespace whirl::admin
