#pragma once
#include <string>

#include "auth/tokens.h"
#include "base/result.h"
#include "config/config.h"

namespace whirl::app::cli {

/// The claims of a token as they stand in it, unverified.
Result<std::string> claims_of(const std::string& token);

/// What the server would say about the token. Keys are fetched if the section has a JWKS endpoint.
Result<auth::ConnectToken> verify_connect(const config::Config& config, const std::string& token);
Result<auth::SubscribeToken> verify_subscribe(const config::Config& config, const std::string& token);

}  // namespace whirl::app::cli
