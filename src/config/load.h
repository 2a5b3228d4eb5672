#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/apply.h"
#include "config/config.h"
#include "config/environment.h"

namespace whirl::config {

/// Where options come from. Each source overrides the ones before it: defaults, file, environment, flags.
struct LoadOptions {
  std::string file;  ///< empty: no file
  Environment env = process_environment();
  std::vector<std::pair<std::string, std::string>>
      flags;  ///< path of an option ("http_server.port") and its text
};

struct Loaded {
  Config config;
  std::string file;                      ///< absolute path of the file that was read; empty if there was none
  std::vector<UnknownKey> unknown_keys;  ///< keys of the file that no option has
  std::vector<std::string> warnings;     ///< one line for each thing that was ignored, for the log
};

/// Reads all sources. A file that is not there is a warning only. Fails where a value cannot be understood,
/// with the source, the option, what was found and what is allowed. Values are not judged here: see
/// validate().
Result<Loaded> load(const LoadOptions& options);

/// Sets the option with that path ("client.token.issuer") from a text; `source` is for messages.
Result<> set_option(Config& config, std::string_view path, std::string_view text, const Environment& env,
                    std::string_view source);

}  // namespace whirl::config
