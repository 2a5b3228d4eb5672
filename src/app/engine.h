#pragma once
#include "base/result.h"
#include "config/config.h"
#include "hub/node.h"

namespace whirl::app {

/// Who carries publications and keeps history and presence, as the configuration says.
Result<hub::EngineFactory> make_engine(const config::Config& config);

}  // namespace whirl::app
