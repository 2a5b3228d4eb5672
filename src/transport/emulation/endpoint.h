#pragma once
#include "http/router.h"
#include "hub/node.h"
#include "transport/emulation/sessions.h"

namespace whirl::transport::emulation {

/// The endpoint that commands of HTTP-streaming and SSE clients come to. Any loop of any node may get them:
/// the request names node and session. Owned by the app, one for each loop.
class Endpoint {
 public:
  Endpoint(Sessions& sessions, hub::Node& node) : sessions_(sessions), node_(node) {}

  void handle(http::Request& request, http::Responder responder);

 private:
  Sessions& sessions_;
  hub::Node& node_;
};

/// Before the loops run: lets other nodes reach the sessions of this one.
void answer_other_nodes(hub::Node& node, Sessions& sessions);

}  // namespace whirl::transport::emulation
