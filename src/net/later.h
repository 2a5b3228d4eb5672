#pragma once
#include <cstdint>

namespace whirl::net {

/// Not one of epoll's bits: set in the events of Loop::repeat_io() it says that the handler has had its part,
/// so that it comes behind what is new. All that comes so has some milliseconds of a turn together; whom that
/// is not enough for are the first in the next turn.
inline constexpr std::uint32_t kLater = 1u << 26;

}  // namespace whirl::net
