#pragma once
#include <cstdint>

namespace whirl::codec {

/// Protobuf's wire types (the low three bits of a tag); groups are only ever skipped.
enum class Wire : std::uint8_t {
  varint = 0,
  fixed64 = 1,
  bytes = 2,
  group_start = 3,
  group_end = 4,
  fixed32 = 5
};

/// Field numbers inside the entry of a map.
inline constexpr std::uint32_t kMapKey = 1;
inline constexpr std::uint32_t kMapValue = 2;

}  // namespace whirl::codec
