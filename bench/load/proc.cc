#include "load/proc.h"

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace whirl::bench {

CpuTime cpu_time(pid_t pid) {
  clockid_t clock;
  timespec t{};
  if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0) {
    return {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
  }
  return {};
}

Memory memory(pid_t pid) {
  Memory out;
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Rss:")) out.resident = std::atoll(line.c_str() + 4) * 1024;
    if (line.starts_with("Anonymous:")) out.anonymous = std::atoll(line.c_str() + 10) * 1024;
  }
  return out;
}

}  // namespace whirl::bench
