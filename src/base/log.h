#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace whirl::log {

enum class Level { trace, debug, info, warn, error, none };

/// A named value of a log line. Text is borrowed for the call only.
struct Field {
  enum class Kind { text, integer, boolean };
  std::string_view name;
  Kind kind;
  std::string_view text;
  std::int64_t integer = 0;

  Field(std::string_view n, std::string_view v) : name(n), kind(Kind::text), text(v) {}
  Field(std::string_view n, const char* v) : Field(n, std::string_view(v)) {}
  Field(std::string_view n, const std::string& v) : Field(n, std::string_view(v)) {}
  Field(std::string_view n, bool v) : name(n), kind(Kind::boolean), integer(v) {}
  template <class Int>
  requires std::is_integral_v<Int> Field(std::string_view n, Int v)
      : name(n), kind(Kind::integer), integer(static_cast<std::int64_t>(v)) {}
};
using Fields = std::initializer_list<Field>;

/// "trace" … "none" (also "fatal", which is shown as error). nullopt-like failure names the allowed words.
Result<Level> parse_level(std::string_view text);

/// Where lines go and from which level on. Lines are JSON objects with level, time and message; on a terminal
/// they are coloured text. Call before the loops start; set_level may be called at any time from any thread.
struct Options {
  Level level = Level::info;
  std::string file;
};
Result<> setup(const Options& options);
void set_level(Level level);

/// True if a line of that level would be written: guards the building of costly fields.
bool enabled(Level level);

/// Writes an event. The message is a fixed text; what varies goes in fields. No payloads, no tokens.
void write(Level level, std::string_view message, Fields fields = {});

inline void trace(std::string_view message, Fields fields = {}) {
  write(Level::trace, message, fields);
}
inline void debug(std::string_view message, Fields fields = {}) {
  write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
  write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  write(Level::error, message, fields);
}

}  // namespace whirl::log
