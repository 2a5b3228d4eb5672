#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/origin.h"
#include "http/router.h"

namespace whirl::http {

/// Answers 405 (no body) to every other method.
Filter require_method(std::string method);

/// Adds a header to the answer; never refuses.
Filter add_header(std::string name, std::string value);

/// Adds the CORS headers to the answer if the origin is allowed; never refuses.
Filter cors(std::shared_ptr<const OriginRule> rule);

}  // namespace whirl::http
