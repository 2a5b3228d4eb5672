#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "http/router.h"

namespace whirl::acme {

/// Serves port 80 of a host with certificates: answers http-01 challenges, and sends everybody else to HTTPS.
/// `answer_of` gives what proves the token, empty if the token is unknown.
void mount_challenges(http::Router& router, std::function<std::string(std::string_view token)> answer_of);

}  // namespace whirl::acme
