#pragma once
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace whirl::config {

/// An option that switches on something that this build does not have. Delete the row when the feature
/// arrives.
struct Unbuilt {
  std::string_view option;   ///< path, with `*` for any text: "channel.*subscribe_proxy_enabled"
  std::string_view feature;  ///< what is missing, for the message
  /// Values that are no more than the default, or that are built.
  std::vector<std::string_view> also_fine = {};
  bool only_if_enabled = false;  ///< matters only where the option `enabled` beside it is on
};

const std::vector<Unbuilt>& unbuilt();

/// Fails if an option of the list is set to anything but its default, so that nothing is silently left
/// undone.
Result<> refuse_unbuilt(const Config& config);

}  // namespace whirl::config
