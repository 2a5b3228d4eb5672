#include "transport/websocket/frame.h"

#include <algorithm>
#include <cstring>

namespace whirl::transport::websocket {
namespace {

constexpr unsigned char kFin = 0x80;
constexpr unsigned char kMasked = 0x80;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string_view cut_text(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

FrameHead read_first_bytes(unsigned char first, unsigned char second) {
  FrameHead head;
  head.fin = (first & kFin) != 0;
  head.reserved = first >> 4 & 7;
  head.opcode = first & 15;
  head.masked = (second & kMasked) != 0;
  head.length = second & 127;
  return head;
}

std::optional<FrameHead> read_head(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  FrameHead head =
      read_first_bytes(static_cast<unsigned char>(bytes[0]), static_cast<unsigned char>(bytes[1]));
  std::size_t extended = head.length == 126 ? 2 : head.length == 127 ? 8 : 0;
  head.size = 2 + extended + (head.masked ? head.mask.size() : 0);
  if (bytes.size() < head.size) return std::nullopt;
  if (extended > 0) head.length = big_endian(bytes.substr(2, extended));
  if (head.masked) std::memcpy(head.mask.data(), bytes.data() + 2 + extended, head.mask.size());
  return head;
}

void unmask(std::span<char> payload, std::array<char, 4> mask) {
  std::uint32_t half;
  std::memcpy(&half, mask.data(), sizeof half);
  const std::uint64_t key = std::uint64_t{half} << 32 | half;
  std::size_t i = 0;
  for (; i + sizeof key <= payload.size(); i += sizeof key) {
    std::uint64_t word;
    std::memcpy(&word, payload.data() + i, sizeof word);
    word ^= key;
    std::memcpy(payload.data() + i, &word, sizeof word);
  }
  for (; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
}

SharedBytes control_frame(Opcode opcode, std::string_view payload) {
  payload = payload.substr(0, kMaxControlPayload);
  SharedBytes frame = SharedBytes::allocate(2 + payload.size());
  char* out = frame.writable();
  out[0] = static_cast<char>(kFin | static_cast<unsigned char>(opcode));
  out[1] = static_cast<char>(payload.size());
  std::copy(payload.begin(), payload.end(), out + 2);
  return frame;
}

SharedBytes close_frame(std::uint16_t code, std::string_view reason) {
  if (code == kNoStatus) return control_frame(Opcode::close, {});
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  payload += cut_text(reason, kMaxControlPayload - 2);
  return control_frame(Opcode::close, payload);
}

bool is_valid_close_code(std::uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1013);
}

}  // namespace whirl::transport::websocket
