#pragma once
#include <span>
#include <string>
#include <string_view>

namespace whirl::protocol {

inline constexpr int kMinDeflateLevel = 1;
inline constexpr int kMaxDeflateLevel = 9;

/// Appends one message's bytes, which may come in parts, as the payload that permessage-deflate (RFC 7692)
/// has for it. Nothing of one message is used for another (no context takeover), so that the payload is good
/// for every client. The level is the effort, kMinDeflateLevel to kMaxDeflateLevel. Each thread keeps one
/// compressor.
void append_deflated(std::string& out, std::span<const std::string_view> parts, int level);

}  // namespace whirl::protocol
