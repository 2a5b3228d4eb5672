#pragma once
#include <string_view>

namespace whirl {

/// The version of this program, as the project in CMakeLists.txt has it.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace whirl
