#pragma once
#include <cstddef>
#include <string_view>

namespace whirl {

/// Length in bytes of the well-formed UTF-8 sequence that `text` starts with; 0 if it starts with none
/// (overlong forms, surrogates and code points above U+10FFFF are not well formed).
std::size_t utf8_sequence(std::string_view text);

/// True if the whole text is well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace whirl
