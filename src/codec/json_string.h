#pragma once
#include <string_view>

#include "codec/arena.h"

namespace whirl::codec {

/// The text that the inside of a JSON string stands for. `inside` is what lies between the quotes and has
/// passed skip_json_string. The result is `inside` itself if nothing is escaped or malformed, else it lives
/// in the arena.
std::string_view json_string_value(std::string_view inside, Arena& arena);

}  // namespace whirl::codec
