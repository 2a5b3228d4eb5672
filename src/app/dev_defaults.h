#pragma once
#include <string>
#include <string_view>

#include "config/config.h"

namespace whirl::app {

/// What `whirl dev` starts from: reachable from this machine only, keys made anew, and channels without a
/// namespace on which every client may do everything. Options given to the program come on top.
config::Config dev_defaults();

/// What `whirl dev` prints first: the page, a command that publishes to it, and a connection token for an
/// SDK.
std::string dev_greeting(const config::Config& config, std::string_view token);

}  // namespace whirl::app
