#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.h"

namespace whirl::transport {

std::string lower_case(std::string_view text);

/// Those headers of a request that sessions need; `names` are in lower case, and so are the names returned.
std::vector<std::pair<std::string, std::string>> kept_headers(const http::Request& request,
                                                              const std::vector<std::string>& names);

}  // namespace whirl::transport
