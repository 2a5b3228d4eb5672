#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/shared_bytes.h"

namespace whirl::transport::websocket {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kNoStatus = 1005;  ///< never on the wire: a close frame without a code
inline constexpr std::uint16_t kInvalidPayload = 1007;
inline constexpr std::uint16_t kTooBig = 1009;

inline constexpr std::size_t kMaxControlPayload = 125;

/// The head of a frame (RFC 6455, 5.2) as it is on the wire; nothing is judged yet.
struct FrameHead {
  std::uint8_t opcode = 0;
  bool fin = false;
  bool masked = false;
  std::uint8_t reserved = 0;  ///< RSV1 is 4, RSV2 is 2, RSV3 is 1
  std::uint64_t length = 0;   ///< of the payload
  std::array<char, 4> mask{};
  std::size_t size = 0;  ///< of the head
};

/// Reads the head that `bytes` begin with; nothing while it is incomplete. A length need not be in its
/// shortest form.
std::optional<FrameHead> read_head(std::string_view bytes);
/// What the first two bytes tell: a head with the fields of those two bytes, and the length if it is in them.
FrameHead read_first_bytes(unsigned char first, unsigned char second);

/// XORs the payload with the mask, in place.
void unmask(std::span<char> payload, std::array<char, 4> mask);

/// A control frame as a server sends it. The payload is cut to what a control frame may carry.
SharedBytes control_frame(Opcode opcode, std::string_view payload);
/// kNoStatus gives a frame without a payload. The reason is cut at a character's border.
SharedBytes close_frame(std::uint16_t code, std::string_view reason);

/// Whether a peer may send this code in a close frame.
bool is_valid_close_code(std::uint16_t code);

}  // namespace whirl::transport::websocket
