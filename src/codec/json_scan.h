#pragma once

/// Walking over JSON text without storing it. Positions are between `at` and `end`; null means malformed.
namespace whirl::codec {

inline bool is_json_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

inline const char* skip_json_spaces(const char* at, const char* end) {
  while (at != end && is_json_space(*at)) ++at;
  return at;
}

/// From after the opening quote to the closing quote. Escapes are checked; bytes above 0x7f are not looked
/// at.
const char* skip_json_string(const char* at, const char* end);

/// From the first character of a number to after its last.
const char* skip_json_number(const char* at, const char* end);

/// From the first character of any value to after its last; nesting is bounded by kMaxJsonDepth.
const char* skip_json_value(const char* at, const char* end);

}  // namespace whirl::codec
