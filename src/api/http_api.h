#pragma once
#include <string>
#include <vector>

#include "api/context.h"
#include "codec/arena.h"
#include "config/sections/api.h"
#include "http/router.h"

namespace whirl::api {

struct Method;

/// The server API over HTTP: a path for each method, one for batches, and the root for requests in the old
/// form. One object per loop, made before the loop runs; outlives the HTTP servers that its routes are
/// mounted on.
class HttpApi {
 public:
  HttpApi(Context& context, const config::HttpAPI& options);

  /// Adds the routes below the handler prefix: POST only and, unless the API is insecure, with the key.
  void mount(http::Router& router);
  /// Serves a request in the old form without asking for a key.
  void serve_method_calls(http::Request& request, http::Responder responder);

 private:
  void serve(const Method& method, http::Request& request, http::Responder responder);
  void serve_batch(http::Request& request, http::Responder responder);
  void add(http::Router& router, std::string path, http::Handler handler);
  void count_error(std::string_view method, std::string_view what);

  Context& context_;
  const config::HttpAPI options_;
  codec::Arena arena_;  // of the request that is being decoded
};

/// Lets requests pass that carry the key: in X-API-Key, or as `Authorization: apikey KEY` if that is absent,
/// or in the query parameter api_key. Others get 401, everyone if the key is empty.
http::Filter require_key(std::string key);

}  // namespace whirl::api
