#pragma once
#include <cstdint>

namespace whirl::session {

/// A connection or a refreshed subscription lives no longer than this, whatever its token says.
inline constexpr std::int64_t kMaxTtlSeconds = std::int64_t{365} * 24 * 3600;

}  // namespace whirl::session
