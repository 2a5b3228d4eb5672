#include "net/runtime.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <latch>
#include <string>

#include "base/check.h"

namespace whirl::net {
namespace {

int affinity_cpus() {
  // The mask can be longer than cpu_set_t on large machines, so it is tried with growing sizes.
  for (int cpus = CPU_SETSIZE; cpus <= 1 << 17; cpus *= 2) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpus));
    std::size_t size = CPU_ALLOC_SIZE(cpus);
    int count = ::sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
  }
  return std::max(1, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

/// CPUs worth of quota, rounded up; 0 if there is no limit. Reads cgroup v2, then v1.
int quota_cpus() {
  long long quota = -1;
  long long period = 0;
  std::string first;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> first >> period) {
    if (first != "max") std::sscanf(first.c_str(), "%lld", &quota);
  } else {
    std::ifstream("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") >> quota;
    std::ifstream("/sys/fs/cgroup/cpu/cpu.cfs_period_us") >> period;
  }
  if (quota <= 0 || period <= 0) return 0;
  return static_cast<int>((quota + period - 1) / period);
}

}  // namespace

int usable_cpus() {
  int cpus = affinity_cpus();
  int quota = quota_cpus();
  return quota > 0 ? std::min(cpus, quota) : cpus;
}

Runtime::Runtime(int loops, const Clock& clock) {
  int count = loops > 0 ? loops : usable_cpus();
  for (int i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>(i, clock));
}

Runtime::~Runtime() {
  stop();
  join();
}

void Runtime::start() {
  WHIRL_CHECK(threads_.empty());
  for (auto& loop : loops_) {
    std::thread& thread = threads_.emplace_back([at = loop.get()] { at->run(); });
    ::pthread_setname_np(thread.native_handle(), fmt::format("loop-{}", loop->index()).c_str());
  }
}

void Runtime::stop() {
  for (auto& loop : loops_) loop->stop();
}

void Runtime::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Runtime::on_each(const std::function<void(Loop&)>& function) {
  WHIRL_CHECK(!Loop::current());
  if (threads_.empty()) {
    for (auto& loop : loops_) function(*loop);
    return;
  }
  std::latch done(size());
  for (auto& loop : loops_) {
    loop->post([&function, &done, at = loop.get()] {
      function(*at);
      done.count_down();
    });
  }
  done.wait();
}

}  // namespace whirl::net
