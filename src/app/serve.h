#pragma once
#include <string_view>

#include "config/load.h"

namespace whirl::app {

struct ServeOptions {
  config::LoadOptions sources;  ///< read at the start, and again when the configuration is reloaded
  std::string_view page = {};   ///< HTML to serve at "/"; nothing is served there if empty
  bool explains_errors =
      false;  ///< for development: clients are told which option would allow what was denied
};

/// Runs the server until it is told to stop. Returns the exit code: 1 if it could not start.
int serve(const ServeOptions& options);

}  // namespace whirl::app
