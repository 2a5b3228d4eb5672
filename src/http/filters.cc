#include "http/filters.h"

#include <utility>

namespace whirl::http {

Filter require_method(std::string method) {
  return [method = std::move(method)](Request& request, Responder& responder) {
    if (request.method == method) return true;
    responder.empty(405);
    return false;
  };
}

Filter add_header(std::string name, std::string value) {
  return [name = std::move(name), value = std::move(value)](Request&, Responder& responder) {
    responder.header(name, value);
    return true;
  };
}

Filter cors(std::shared_ptr<const OriginRule> rule) {
  return [rule = std::move(rule)](Request& request, Responder& responder) {
    std::string_view origin = request.header("Origin");
    if (!rule->allows(origin)) return true;
    responder.header("Access-Control-Allow-Origin", origin);
    std::string_view asked = request.header("Access-Control-Request-Headers");
    if (!asked.empty() && asked != "null") responder.header("Access-Control-Allow-Headers", asked);
    responder.header("Access-Control-Allow-Credentials", "true");
    return true;
  };
}

}  // namespace whirl::http
