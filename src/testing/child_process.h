#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace whirl::testing {

/// Stops a child of this process, and waits until it has: threads of its may still run when the signal is
/// sent.
void freeze(pid_t child);
void thaw(pid_t child);

/// A program that a test needs beside it, such as a database server. Ended with the object.
class ChildProcess {
 public:
  /// Starts it, and waits until it has printed `ready`; throws if it does not within some seconds.
  ChildProcess(std::vector<std::string> command, const std::string& ready);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// It is there, but does nothing.
  void freeze() const;
  void thaw() const;

 private:
  void wait_for(const std::string& ready);

  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace whirl::testing
