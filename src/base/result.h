#pragma once
#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace whirl {

/// What the world did wrong: a message for a person that says what, where and what to do about it.
struct Error {
  std::string message;
};

/// A value, or why there is none. Our own mistakes are CHECKs, never results.
template <class T = void>
using Result = tl::expected<T, Error>;

/// Builds the error side of a Result: `return fail("cannot open {}: {}", path, reason);`
template <class... Args>
tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace whirl
