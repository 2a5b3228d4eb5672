#include "protocol/variant.h"

#include <algorithm>

#include "base/check.h"
#include "protocol/deflate.h"

namespace whirl::protocol {
namespace {

constexpr unsigned char kFinText = 0x81;
constexpr unsigned char kFinBinary = 0x82;
constexpr unsigned char kCompressed = 0x40;  // RSV1 (RFC 7692, 6)
constexpr std::size_t kGrpcHead = 5;
constexpr std::size_t kKeptBuffer = 64 * 1024;

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

std::size_t grpc_head(std::size_t size, char* out) {
  *out++ = 0;
  for (int shift : {24, 16, 8, 0}) *out++ = static_cast<char>(size >> shift);
  return kGrpcHead;
}

SharedBytes join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (std::string_view part : parts) size += part.size();
  SharedBytes out = SharedBytes::allocate(size);
  char* at = out.writable();
  for (std::string_view part : parts) {
    at = std::copy(part.begin(), part.end(), at);
  }
  return out;
}

/// A frame of ours without its header.
std::string_view payload_of(const SharedBytes& frame) {
  const char length = frame.view()[1];
  return frame.view().substr(length < 126 ? 2 : length == 126 ? 4 : 10);
}

}  // namespace

SharedBytes frame(Framing framing, std::string_view message) {
  char head[10];
  switch (framing) {
    case Framing::websocket_text:
      return join({{head, websocket_header(kFinText, message.size(), head)}, message});
    case Framing::websocket_binary: {
      // Messages keep their length prefix inside of the frame: a frame may carry several.
      char prefix[10];
      std::string_view length(prefix, varint(message.size(), prefix));
      return join(
          {{head, websocket_header(kFinBinary, length.size() + message.size(), head)}, length, message});
    }
    case Framing::lines:
      return join({message, "\n"});
    case Framing::length_prefixed:
      return join({{head, varint(message.size(), head)}, message});
    case Framing::events:
      return join({"data: ", message, "\n\n"});
    case Framing::grpc:
      return join({{head, grpc_head(message.size(), head)}, message});
  }
  WHIRL_CHECK(!"unknown framing");
}

SharedBytes frame(const Variant& variant, std::string_view message) {
  if (!variant.compressed()) return frame(variant.framing, message);
  const bool binary = variant.framing == Framing::websocket_binary;
  WHIRL_CHECK(binary || variant.framing == Framing::websocket_text);
  char prefix[10];
  const std::string_view length(prefix, binary ? varint(message.size(), prefix) : 0);
  if (length.size() + message.size() < variant.compression_min_size) return frame(variant.framing, message);
  thread_local std::string buffer;
  buffer.clear();
  const std::string_view parts[] = {length, message};
  append_deflated(buffer, parts, variant.compression_level);
  char head[10];
  const unsigned char first = (binary ? kFinBinary : kFinText) | kCompressed;
  SharedBytes out = join({{head, websocket_header(first, buffer.size(), head)}, buffer});
  if (buffer.capacity() > kKeptBuffer) std::string().swap(buffer);
  return out;
}

bool is_compressed(const SharedBytes& frame) {
  return (static_cast<unsigned char>(frame.view()[0]) & kCompressed) != 0;
}

// Payloads end at the border of a byte and refer to nothing before them, so they can follow each other once
// the mark at the end of the first is put back. JSON messages need a line break between them.
SharedBytes join_compressed(const SharedBytes& first, const SharedBytes& second) {
  static constexpr std::string_view kMark("\x00\x00\xff\xff", 4);
  static constexpr std::string_view kStoredLineBreak("\x00\x01\x00\xfe\xff\n", 6);
  const auto kind = static_cast<unsigned char>(first.view()[0]);
  const std::string_view between = kind == (kFinText | kCompressed) ? kStoredLineBreak : std::string_view();
  const std::string_view one = payload_of(first);
  const std::string_view other = payload_of(second);
  char head[10];
  const std::size_t size = one.size() + kMark.size() + between.size() + other.size();
  return join({{head, websocket_header(kind, size, head)}, one, kMark, between, other});
}

}  // namespace whirl::protocol
