#pragma once
#include <string>

#include "base/result.h"

namespace whirl::config {

/// The PEM text that an option stands for: itself, or what it is the base64 of, or the content of the file
/// whose path it is. Fails without showing the value, which may be a key.
Result<std::string> load_pem(const std::string& option);

}  // namespace whirl::config
