#include "protocol/variant.h"

#include "base/check.h"

namespace whirl::protocol {
namespace {

constexpr unsigned char kFinText = 0x81;
constexpr unsigned char kFinBinary = 0x82;

/// The header of an unmasked, unfragmented WebSocket frame (RFC 6455, 5.2); returns its size, at most 10.
std::size_t websocket_header(unsigned char first, std::size_t size, char* out) {
  out[0] = static_cast<char>(first);
  std::size_t extended = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out[1] = static_cast<char>(extended == 0 ? size : extended == 2 ? 126 : 127);
  for (std::size_t i = 0; i < extended; ++i) {
    out[2 + i] = static_cast<char>(size >> (8 * (extended - 1 - i)));
  }
  return 2 + extended;
}

std::size_t varint(std::size_t value, char* out) {
  std::size_t n = 0;
  for (; value >= 0x80; value >>= 7) out[n++] = static_cast<char>(value | 0x80);
  out[n++] = static_cast<char>(value);
  return n;
}

SharedBytes join(std::string_view head, std::string_view message, std::string_view tail) {
  SharedBytes out = SharedBytes::allocate(head.size() + message.size() + tail.size());
  char* at = out.writable();
  for (std::string_view part : {head, message, tail}) {
    std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  return out;
}

}  // namespace

SharedBytes frame(Framing framing, std::string_view message) {
  char head[10];
  switch (framing) {
    case Framing::websocket_text:
      return join({head, websocket_header(kFinText, message.size(), head)}, message, "");
    case Framing::websocket_binary: {
      // Messages keep their length prefix inside of the frame: a frame may carry several.
      char prefix[10];
      std::string_view length(prefix, varint(message.size(), prefix));
      return join({head, websocket_header(kFinBinary, length.size() + message.size(), head)}, length,
                  message);
    }
    case Framing::lines:
      return join("", message, "\n");
    case Framing::length_prefixed:
      return join({head, varint(message.size(), head)}, message, "");
    case Framing::events:
      return join("data: ", message, "\n\n");
  }
  WHIRL_CHECK(!"unknown framing");
}

}  // namespace whirl::protocol
