#pragma once
#include <algorithm>
#include <cstdint>

namespace whirl::acme {

/// When a certificate is renewed, in Unix seconds: with a third of its life left, 30 days of 90.
constexpr std::int64_t renewal_time(std::int64_t not_before, std::int64_t not_after) {
  return not_after - (not_after - not_before) / 3;
}

/// How long to wait after so many failures in a row: from 5 minutes up to 12 hours. Authorities refuse
/// whoever fails more than a few times an hour.
constexpr std::int64_t retry_delay_ms(int failures) {
  constexpr std::int64_t kFirst = 5 * 60 * 1000;
  constexpr std::int64_t kLongest = 12 * 3600 * 1000;
  return std::min(kFirst << std::clamp(failures - 1, 0, 8), kLongest);
}

}  // namespace whirl::acme
