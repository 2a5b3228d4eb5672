#pragma once
#include <string_view>

namespace whirl::api {

/// Compares secrets; takes the same time wherever they differ.
bool same_text(std::string_view a, std::string_view b);

}  // namespace whirl::api
