#include "api/http_api.h"

#include <utility>

#include "api/batch.h"
#include "api/method.h"
#include "api/same_text.h"
#include "base/log.h"
#include "codec/json.h"
#include "http/filters.h"

namespace whirl::api {
namespace {

constexpr std::string_view kJson = "application/json";

/// The key in "apikey KEY", empty if the header is of another kind.
std::string_view authorization_key(std::string_view header) {
  constexpr std::string_view kSpace = " \t";
  std::size_t scheme_end = header.find_first_of(kSpace);
  if (!http::equal_fold(header.substr(0, scheme_end), "apikey")) return {};
  std::size_t start = header.find_first_not_of(kSpace, scheme_end);
  if (start == std::string_view::npos) return {};
  std::string_view key = header.substr(start);
  return key.find_first_of(kSpace) == std::string_view::npos ? key : std::string_view{};
}

bool carries_key(const http::Request& request, std::string_view key) {
  std::string_view header = request.header("X-API-Key");
  if (header.empty()) header = authorization_key(request.header("Authorization"));
  return same_text(key, header) || same_text(key, request.query_value("api_key"));
}

void answer(http::Responder& responder, const BatchAnswer& batch) {
  switch (batch.kind) {
    case BatchAnswer::Kind::ok:
      return responder.reply(200, kJson, batch.body);
    case BatchAnswer::Kind::malformed:
      return responder.error(400);
    case BatchAnswer::Kind::internal:
      return responder.error(500);
  }
}

}  // namespace

http::Filter require_key(std::string key) {
  return [key = std::move(key)](http::Request& request, http::Responder& responder) {
    if (key.empty()) log::error("http_api.key is empty: every call is refused; set it, or http_api.insecure");
    if (!key.empty() && carries_key(request, key)) return true;
    responder.empty(401);
    return false;
  };
}

HttpApi::HttpApi(Context& context, const config::HttpAPI& options) : context_(context), options_(options) {}

void HttpApi::mount(http::Router& router) {
  std::string root = http::Router::path_of_prefix(options_.handler_prefix);
  std::string parent = root == "/" ? root : root + "/";
  add(router, root, [this](http::Request& request, http::Responder responder) {
    serve_method_calls(request, std::move(responder));
  });
  add(router, parent + "batch", [this](http::Request& request, http::Responder responder) {
    serve_batch(request, std::move(responder));
  });
  for (const Method& method : methods()) {
    add(router, parent + std::string(method.name),
        [this, &method](http::Request& request, http::Responder responder) {
          serve(method, request, std::move(responder));
        });
  }
}

void HttpApi::add(http::Router& router, std::string path, http::Handler handler) {
  http::Route route{
      .path = std::move(path), .filters = {http::require_method("POST")}, .handler = std::move(handler)};
  if (!options_.insecure) route.filters.push_back(require_key(options_.key));
  router.add(std::move(route));
}

void HttpApi::count_error(std::string_view method, std::string_view what) {
  context_.metrics.command_errors.with(context_.protocol, method, what).add();
}

void HttpApi::serve(const Method& method, http::Request& request, http::Responder responder) {
  arena_.reset();
  const void* decoded = method.decode(request.body, arena_);
  if (!decoded) {
    count_error(method.name, "unmarshal");
    log::info("malformed api request", {{"method", method.name}});
    return responder.error(400);
  }
  bool by_status =
      options_.error_mode == "transport" || request.header("X-Centrifugo-Error-Mode") == "transport";
  auto finish = [this, &method, by_status, responder = std::move(responder)](const Outcome& outcome) mutable {
    std::string body;
    if (outcome.error && by_status) {
      codec::encode_json(*outcome.error, body);
      return responder.reply(errors::http_status(*outcome.error), kJson, body);
    }
    if (!method.fits_json(outcome)) {
      count_error(method.name, "marshal");
      log::error("api result has a payload that is not JSON", {{"method", method.name}});
      return responder.error(500);
    }
    method.encode_response(outcome, body);
    responder.reply(200, kJson, body);
  };
  method.run(method, context_, decoded, std::move(finish));
}

void HttpApi::serve_batch(http::Request& request, http::Responder responder) {
  run_batch(context_, Form::json, request.body,
            [this, responder = std::move(responder)](const BatchAnswer& batch) mutable {
              if (batch.kind == BatchAnswer::Kind::malformed) count_error("batch", "unmarshal");
              if (batch.kind == BatchAnswer::Kind::internal) count_error("batch", "marshal");
              answer(responder, batch);
            });
}

void HttpApi::serve_method_calls(http::Request& request, http::Responder responder) {
  run_method_calls(
      context_, request.body,
      [responder = std::move(responder)](const BatchAnswer& batch) mutable { answer(responder, batch); });
}

}  // namespace whirl::api
