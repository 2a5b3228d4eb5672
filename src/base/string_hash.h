#pragma once
#include <cstddef>
#include <functional>
#include <string_view>

namespace whirl {

/// Hash of names for tables and for choosing owner loops; good in all bits, the same on every loop.
struct StringHash {
  using is_avalanching = void;  // Boost.Unordered: needs no second mixing
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

}  // namespace whirl
