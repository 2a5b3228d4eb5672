#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace whirl::config {

/// A span of time as options have it: written like "1h2m3s", "1.5s" or "300ms", kept in nanoseconds. May be
/// negative.
struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
  static constexpr Duration seconds(std::int64_t n) { return milliseconds(n * 1000); }
  static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
  static constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }

  /// Units are ns, us (µs), ms, s, m and h; every number but a plain "0" needs one. Fails on anything else
  /// and on what does not fit.
  static Result<Duration> parse(std::string_view text);

  /// Whole milliseconds and seconds, rounded towards zero.
  constexpr std::int64_t ms() const { return ns / 1'000'000; }
  constexpr std::int64_t seconds() const { return ns / 1'000'000'000; }

  /// The shortest form that parse() reads back: "1h0m0s", "1.5s", "300ms", "0s".
  std::string text() const;

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

}  // namespace whirl::config
