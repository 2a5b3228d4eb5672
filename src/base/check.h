#pragma once

namespace whirl {

/// Prints the failed condition with its place and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace whirl

/// Ends the process when something that this program promised itself is not so.
#define WHIRL_CHECK(condition)                               \
  do {                                                       \
    if (!(condition)) [[unlikely]]                           \
      ::whirl::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
