#pragma once
#include <string_view>
#include <vector>

namespace whirl::config {

/// The candidate that `word` is most likely a misspelling of; empty if none is close. Case does not count.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace whirl::config
