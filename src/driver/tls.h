#pragma once
#include <string_view>

#include "base/result.h"
#include "config/sections/tls.h"
#include "net/tls_context.h"

namespace whirl::driver {

/// How a client checks a server, and shows who it is, as the section at `path` says. Errors name the option.
Result<net::TlsClientOptions> tls_options(const config::TLSConfig& config, std::string_view path);

}  // namespace whirl::driver
