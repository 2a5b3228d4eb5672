#pragma once
#include "http/request.h"
#include "http/responder.h"

namespace whirl::transport {

/// Answers what a browser asks before a POST from another origin; false if the request is something else.
/// What is allowed is told by the CORS headers that the responder has already.
bool answer_preflight(const http::Request& request, http::Responder& responder);

}  // namespace whirl::transport
