#include "transport/preflight.h"

namespace whirl::transport {

bool answer_preflight(const http::Request& request, http::Responder& responder) {
  if (request.method != "OPTIONS") return false;
  responder.header("Access-Control-Max-Age", "300");
  responder.header("Access-Control-Allow-Methods", "POST, OPTIONS");
  responder.empty(204);
  return true;
}

}  // namespace whirl::transport
