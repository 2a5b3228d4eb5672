#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"

namespace whirl::app::cli {

/// What `whirl dev` sets, as paths of options and their texts: reachable from this machine only, keys made
/// anew by every call, and channels without a namespace on which every client may do everything.
std::vector<std::pair<std::string, std::string>> dev_settings();

/// What `whirl dev` prints first: the page, a command that publishes to it, and a connection token for an
/// SDK.
std::string dev_greeting(const config::Config& config, std::string_view token);

}  // namespace whirl::app::cli
