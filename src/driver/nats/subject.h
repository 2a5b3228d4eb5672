#pragma once
#include <string_view>

namespace whirl::driver::nats {

/// What ends a name in the text protocol of NATS, so that no subject may have it.
inline constexpr std::string_view kSeparators{" \t\r\n\f\v\0", 7};
/// The tokens of patterns.
inline constexpr std::string_view kWildcards = "*>";

/// Whether it can be sent as a subject: tokens separated by dots, none empty, without separators, short
/// enough for one line of the protocol. Anything else could be read as another command.
bool is_subject(std::string_view text);

}  // namespace whirl::driver::nats
