#pragma once
#include <string>

#include "base/result.h"
#include "config/value.h"

namespace whirl::app::cli {

/// The tree in the format that the file's name asks for; fails if it ends with no known extension.
Result<std::string> write_for(const std::string& path, const config::Value& value);

/// Makes a file that only its owner may read, for it has secrets. Fails if there is one already.
Result<> create_file(const std::string& path, const std::string& text);

}  // namespace whirl::app::cli
