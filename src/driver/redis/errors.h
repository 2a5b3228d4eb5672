#pragma once
#include <string>
#include <string_view>

namespace whirl::driver::redis {

/// Kinds of errors that servers answer with, and what they mean for who runs them.
struct KnownError {
  std::string_view prefix;
  std::string_view meaning;
};

/// Null if nothing is known about the error.
const KnownError* known_error(std::string_view text);

/// The error with its meaning behind it, if that is known.
std::string explained(std::string_view text);

/// Writes a line about the error, each kind at most every 5 seconds (each thread by itself).
void log_server_error(std::string_view shard, std::string_view text);

}  // namespace whirl::driver::redis
