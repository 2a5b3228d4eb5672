#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "net/loop.h"

namespace whirl::net {

/// How many loops a process should have: the CPUs that it may use, by affinity and by cgroup quota (rounded
/// up).
int usable_cpus();

/// The loops of the process and their threads. Made, started, stopped, joined and destroyed by one thread,
/// which is not one of the loops' own.
class Runtime {
 public:
  /// `loops` of 0 means usable_cpus().
  explicit Runtime(int loops = 0, const Clock& clock = system_clock());
  /// Stops and joins.
  ~Runtime();

  int size() const { return static_cast<int>(loops_.size()); }
  Loop& loop(int i) { return *loops_[static_cast<std::size_t>(i)]; }
  /// The loop that owns what has this hash (a channel, a user); the same for the life of the process.
  Loop& owner_of(std::uint64_t hash) { return loop(owner_index(hash)); }
  int owner_index(std::uint64_t hash) const {
    std::uint64_t mixed = (hash * 0x9E3779B97F4A7C15u) >> 32;
    return static_cast<int>((mixed * loops_.size()) >> 32);
  }

  void start();
  /// Asks every loop to stop after its turn. From any thread.
  void stop();
  /// Waits until all loops have stopped.
  void join();

  /// Runs the function for every loop on that loop's thread and waits for all (before start() and after
  /// join(): on the caller's thread). Not from a loop.
  void on_each(const std::function<void(Loop&)>& function);

 private:
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
};

}  // namespace whirl::net
