#include "load/wire.h"

#include <charconv>

namespace whirl::bench {
namespace {

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

}  // namespace

std::string upgrade_request(const Target& target) {
  std::string out = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host +
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: d2hpcmwgYmVuY2htYXJrIQ==\r\n";
  if (target.protobuf) out += "Sec-WebSocket-Protocol: centrifuge-protobuf\r\n";
  return out + "\r\n";
}

bool next_frame(std::string_view& bytes, ServerFrame& frame) {
  if (bytes.size() < 2) return false;
  auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  std::size_t size = at(1) & 0x7f;
  std::size_t head = 2;
  std::size_t extended = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (extended > 0) {
    if (bytes.size() < 2 + extended) return false;
    size = 0;
    for (std::size_t i = 0; i < extended; ++i) size = size << 8 | at(2 + i);
    head += extended;
  }
  if (bytes.size() < head + size) return false;
  frame.opcode = at(0) & 0x0f;
  frame.payload = bytes.substr(head, size);
  bytes.remove_prefix(head + size);
  return true;
}

std::string client_frame(unsigned opcode, std::string_view payload) {
  std::string out;
  out += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size());
  }
  out.append(4, '\0');
  out += payload;
  return out;
}

bool next_length_prefixed(std::string_view& bytes, std::string_view& message) {
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 5; ++i) {
    auto byte = static_cast<unsigned char>(bytes[i]);
    size |= std::uint64_t{byte & 0x7fu} << (7 * i);
    if (byte & 0x80) continue;
    if (bytes.size() < i + 1 + size) return false;
    message = bytes.substr(i + 1, size);
    bytes.remove_prefix(i + 1 + size);
    return true;
  }
  return false;
}

std::string length_prefixed(std::string_view message) {
  std::string out;
  append_varint(out, message.size());
  out += message;
  return out;
}

std::string protobuf_field(unsigned number, std::string_view bytes) {
  std::string out;
  append_varint(out, number << 3 | 2);
  append_varint(out, bytes.size());
  out += bytes;
  return out;
}

std::string protobuf_varint_field(unsigned number, std::uint64_t value) {
  std::string out;
  append_varint(out, number << 3);
  append_varint(out, value);
  return out;
}

bool number_after(std::string_view text, std::string_view key, std::uint64_t& out) {
  std::size_t at = text.find(key);
  if (at == std::string_view::npos) return false;
  const char* begin = text.data() + at + key.size();
  return std::from_chars(begin, text.data() + text.size(), out).ec == std::errc();
}

}  // namespace whirl::bench
