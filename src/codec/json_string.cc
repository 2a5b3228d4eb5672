#include "codec/json_string.h"

#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace whirl::codec {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

std::uint32_t hex4(const char* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    char c = at[i];
    value = value * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

bool is_high_surrogate(std::uint32_t c) {
  return c >= 0xd800 && c < 0xdc00;
}
bool is_low_surrogate(std::uint32_t c) {
  return c >= 0xdc00 && c < 0xe000;
}

char* put_utf8(char* to, std::uint32_t c) {
  auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
  return to;
}

/// Takes the four digits of \u off `rest`, with the second half of a surrogate pair if it follows.
std::uint32_t take_unicode(std::string_view& rest) {
  std::uint32_t c = hex4(rest.data());
  rest.remove_prefix(4);
  if (is_low_surrogate(c)) return kReplacement;
  if (!is_high_surrogate(c)) return c;
  if (!rest.starts_with("\\u")) return kReplacement;
  std::uint32_t second = hex4(rest.data() + 2);
  if (!is_low_surrogate(second)) return kReplacement;
  rest.remove_prefix(6);
  return 0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00);
}

/// Takes an escape off `rest`, which begins after its backslash.
char* put_escape(char* to, std::string_view& rest) {
  char c = rest[0];
  rest.remove_prefix(1);
  switch (c) {
    case 'u':
      return put_utf8(to, take_unicode(rest));
    case 'b':
      *to = '\b';
      break;
    case 'f':
      *to = '\f';
      break;
    case 'n':
      *to = '\n';
      break;
    case 'r':
      *to = '\r';
      break;
    case 't':
      *to = '\t';
      break;
    default:
      *to = c;
  }
  return to + 1;
}

/// Copies one character that is not an escape, or the replacement for a byte that is none.
char* put_character(char* to, std::string_view& rest) {
  std::size_t length = utf8_sequence(rest);
  if (length == 0) {
    rest.remove_prefix(1);
    return put_utf8(to, kReplacement);
  }
  std::memcpy(to, rest.data(), length);
  rest.remove_prefix(length);
  return to + length;
}

}  // namespace

std::string_view json_string_value(std::string_view inside, Arena& arena) {
  bool well_formed = is_utf8(inside);
  if (well_formed && inside.find('\\') == inside.npos) return inside;
  // An escape is longer than what it stands for; a malformed byte becomes three.
  char* out = arena.text(well_formed ? inside.size() : inside.size() * 3);
  char* to = out;
  for (std::string_view rest = inside; !rest.empty();) {
    if (rest[0] == '\\') {
      rest.remove_prefix(1);
      to = put_escape(to, rest);
    } else {
      to = put_character(to, rest);
    }
  }
  return {out, static_cast<std::size_t>(to - out)};
}

}  // namespace whirl::codec
