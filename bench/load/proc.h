#pragma once
#include <sys/types.h>

#include <cstdint>

namespace whirl::bench {

/// CPU time a process has used so far, in nanoseconds, over all its threads (ended ones included).
struct CpuTime {
  std::int64_t total_ns = 0;
};
CpuTime cpu_time(pid_t pid);

/// Memory of a process now, in bytes.
struct Memory {
  std::int64_t resident = 0;
  std::int64_t anonymous = 0;
};
Memory memory(pid_t pid);

}  // namespace whirl::bench
