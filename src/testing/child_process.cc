#include "testing/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace whirl::testing {
namespace {

constexpr int kPatienceMs = 20'000;

}  // namespace

void freeze(pid_t child) {
  ::kill(child, SIGSTOP);
  ::waitpid(child, nullptr, WUNTRACED);
}

void thaw(pid_t child) {
  ::kill(child, SIGCONT);
}

ChildProcess::ChildProcess(std::vector<std::string> command, const std::string& ready) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  output_ = ends[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int failed = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) throw std::runtime_error("cannot start " + command[0] + ", is its package installed?");
  wait_for(ready);
}

void ChildProcess::wait_for(const std::string& ready) {
  std::string printed;
  while (printed.find(ready) == std::string::npos) {
    pollfd waiting{output_, POLLIN, 0};
    char part[4096];
    ssize_t size = ::poll(&waiting, 1, kPatienceMs) == 1 ? ::read(output_, part, sizeof part) : 0;
    if (size <= 0) throw std::runtime_error("never got ready: " + printed);
    printed.append(part, static_cast<std::size_t>(size));
  }
}

ChildProcess::~ChildProcess() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::close(output_);
}

void ChildProcess::freeze() const {
  testing::freeze(pid_);
}

void ChildProcess::thaw() const {
  testing::thaw(pid_);
}

}  // namespace whirl::testing
