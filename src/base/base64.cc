#include "base/base64.h"

#include <array>
#include <cstdint>

namespace whirl {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kBad = 0xff;

consteval std::array<std::uint8_t, 256> values_of(std::string_view alphabet) {
  std::array<std::uint8_t, 256> values{};
  values.fill(kBad);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr auto kStandardValues = values_of(kStandard);
constexpr auto kUrlValues = values_of(kUrl);

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 6) {
      count -= 6;
      out += alphabet[bits >> count & 63];
    }
  }
  if (count > 0) out += alphabet[bits << (6 - count) & 63];
  return out;
}

/// Characters of the alphabet only; a rest of one character is no whole byte.
std::optional<std::size_t> decode(std::string_view text, const std::array<std::uint8_t, 256>& values,
                                  char* out) {
  if (text.size() % 4 == 1) return std::nullopt;
  char* to = out;
  std::uint32_t bits = 0;
  int count = 0;
  std::uint8_t bad = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    bad |= value;
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      *to++ = static_cast<char>(bits >> count);
    }
  }
  if (bad >= 64) return std::nullopt;
  return static_cast<std::size_t>(to - out);
}

bool append_decoded(std::string_view text, const std::array<std::uint8_t, 256>& values, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + text.size() * 3 / 4);
  return decode(text, values, out.data() + start).has_value();
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string out = encode(bytes, kStandard);
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string encode_base64url(std::string_view bytes) {
  return encode(bytes, kUrl);
}

bool decode_base64(std::string_view text, std::string& out) {
  std::string without_line_ends;
  if (text.find_first_of("\r\n") != text.npos) {
    for (const char c : text) {
      if (c != '\r' && c != '\n') without_line_ends += c;
    }
    text = without_line_ends;
  }
  if (text.size() % 4 != 0) return false;
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return append_decoded(text, kStandardValues, out);
}

bool decode_base64url(std::string_view text, std::string& out) {
  return append_decoded(text, kUrlValues, out);
}

std::optional<std::size_t> decode_base64url(std::string_view text, char* out) {
  return decode(text, kUrlValues, out);
}

}  // namespace whirl
