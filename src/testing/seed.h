#pragma once
#include <cstdlib>
#include <random>

namespace whirl::testing {

/// For tests that roll dice, who print it when they fail: WHIRL_SEED repeats a run as far as threads allow.
inline unsigned seed_of_run() {
  const char* fixed = std::getenv("WHIRL_SEED");
  return fixed ? static_cast<unsigned>(std::atoi(fixed)) : std::random_device{}() % 1'000'000;
}

}  // namespace whirl::testing
