#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace whirl::config {

/// The PEM text that an option stands for: itself, or what it is the base64 of, or the content of the file
/// whose path it is. Fails without showing the value, which may be a key.
Result<std::string> load_pem(const std::string& option);

struct PemOption {
  std::string_view name;
  const std::string& option;
  std::string& to;
  bool required = false;
};
/// Loads the options of a section that is enabled, but for those that are empty and not required. Errors name
/// the option in the section at `path`.
Result<> load_pems(std::string_view path, std::initializer_list<PemOption> options);

}  // namespace whirl::config
