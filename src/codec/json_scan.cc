#include "codec/json_scan.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "codec/json.h"

namespace whirl::codec {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101u;
constexpr std::uint64_t kTops = 0x8080808080808080u;

/// True if one of eight bytes ends a run of plain string characters: a quote, a backslash or a control
/// character.
bool has_special(std::uint64_t word) {
  auto zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kTops; };
  std::uint64_t control = (word - kOnes * 0x20) & ~word & kTops;
  return (control | zero(word ^ (kOnes * '"')) | zero(word ^ (kOnes * '\\'))) != 0;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// From after the backslash to after the escape.
const char* skip_escape(const char* at, const char* end) {
  if (at == end) return nullptr;
  char c = *at++;
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos ? at : nullptr;
  if (end - at < 4) return nullptr;
  for (const char* stop = at + 4; at != stop; ++at) {
    if (!is_hex(*at)) return nullptr;
  }
  return at;
}

const char* skip_digits(const char* at, const char* end) {
  const char* first = at;
  while (at != end && is_digit(*at)) ++at;
  return at == first ? nullptr : at;
}

const char* skip_word(const char* at, const char* end, std::string_view word) {
  if (static_cast<std::size_t>(end - at) < word.size() || std::memcmp(at, word.data(), word.size()) != 0)
    return nullptr;
  return at + word.size();
}

const char* skip_scalar(const char* at, const char* end) {
  switch (*at) {
    case '"': {
      const char* quote = skip_json_string(at + 1, end);
      return quote ? quote + 1 : nullptr;
    }
    case 't':
      return skip_word(at, end, "true");
    case 'f':
      return skip_word(at, end, "false");
    case 'n':
      return skip_word(at, end, "null");
    default:
      return skip_json_number(at, end);
  }
}

/// Which of the open brackets are objects: one bit each, so that depth costs no recursion.
class Nesting {
 public:
  bool open(bool object) {
    if (depth_ == kMaxJsonDepth) return false;
    std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
    std::uint64_t below = bit == 1 ? 0 : bits_[depth_ / 64] & (bit - 1);
    bits_[depth_ / 64] = object ? below | bit : below;
    ++depth_;
    return true;
  }
  void close() { --depth_; }
  bool empty() const { return depth_ == 0; }
  bool in_object() const { return (bits_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64)) & 1; }

 private:
  std::size_t depth_ = 0;
  std::uint64_t bits_[kMaxJsonDepth / 64 + 1];  // only the bits below depth_ are ever read
};

/// From a key's first character over the colon to the first character of its value.
const char* skip_key(const char* at, const char* end) {
  if (at == end || *at != '"') return nullptr;
  at = skip_json_string(at + 1, end);
  if (!at) return nullptr;
  at = skip_json_spaces(at + 1, end);
  if (at == end || *at != ':') return nullptr;
  return skip_json_spaces(at + 1, end);
}

/// After a value: over the closing brackets and the comma to the next value, or to the end of the outermost
/// value.
const char* skip_between(const char* at, const char* end, Nesting& nesting) {
  while (!nesting.empty()) {
    at = skip_json_spaces(at, end);
    if (at == end) return nullptr;
    bool object = nesting.in_object();
    if (*at == ',') {
      at = skip_json_spaces(at + 1, end);
      return object ? skip_key(at, end) : at;
    }
    if (*at != (object ? '}' : ']')) return nullptr;
    nesting.close();
    ++at;
  }
  return at;
}

}  // namespace

const char* skip_json_string(const char* at, const char* end) {
  for (;;) {
    while (end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, 8);
      if (has_special(word)) break;
      at += 8;
    }
    if (at == end) return nullptr;
    auto c = static_cast<unsigned char>(*at);
    if (c == '"') return at;
    if (c < 0x20) return nullptr;
    at = c == '\\' ? skip_escape(at + 1, end) : at + 1;
    if (!at) return nullptr;
  }
}

const char* skip_json_number(const char* at, const char* end) {
  if (at != end && *at == '-') ++at;
  if (at == end) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at, end);
  if (at && at != end && *at == '.') at = skip_digits(at + 1, end);
  if (at && at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    at = skip_digits(at, end);
  }
  return at;
}

const char* skip_json_value(const char* at, const char* end) {
  Nesting nesting;
  while (at && at != end) {
    if (*at != '{' && *at != '[') {
      at = skip_scalar(at, end);
      if (!at) return nullptr;
    } else {
      bool object = *at == '{';
      if (!nesting.open(object)) return nullptr;
      at = skip_json_spaces(at + 1, end);
      if (at == end) return nullptr;
      bool closed = *at == (object ? '}' : ']');
      if (!closed) {
        if (object) at = skip_key(at, end);
        continue;
      }
      nesting.close();
      ++at;
    }
    at = skip_between(at, end, nesting);
    if (nesting.empty()) return at;
  }
  return nullptr;
}

bool is_json(std::string_view text) {
  const char* end = text.data() + text.size();
  const char* at = skip_json_spaces(text.data(), end);
  if (at == end) return false;
  at = skip_json_value(at, end);
  return at && skip_json_spaces(at, end) == end;
}

}  // namespace whirl::codec
