#include "base/clock.h"

#include <time.h>

namespace whirl {
namespace {

std::int64_t read_ms(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1000 + t.tv_nsec / 1'000'000;
}

class SystemClock : public Clock {
 public:
  std::int64_t monotonic_ms() const override { return whirl::monotonic_ms(); }
  std::int64_t unix_ms() const override { return whirl::unix_ms(); }
};

}  // namespace

std::int64_t monotonic_ms() {
  return read_ms(CLOCK_MONOTONIC);
}
std::int64_t unix_ms() {
  return read_ms(CLOCK_REALTIME);
}

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace whirl
