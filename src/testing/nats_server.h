#pragma once
#include <memory>
#include <string>
#include <vector>

#include "testing/child_process.h"
#include "testing/loopback.h"

namespace whirl::testing {

/// A nats-server on a free port of the loopback address, that can go away and come back.
class NatsServer {
 public:
  explicit NatsServer(std::vector<std::string> more_arguments = {})
      : more_arguments_(std::move(more_arguments)) {
    start();
  }

  std::string url(const std::string& scheme = "nats") const {
    return scheme + "://localhost:" + std::to_string(port_);
  }
  int port() const { return port_; }

  void start() {
    std::vector<std::string> command = {"nats-server", "-a", "127.0.0.1", "-p", std::to_string(port_)};
    command.insert(command.end(), more_arguments_.begin(), more_arguments_.end());
    process_ = std::make_unique<ChildProcess>(std::move(command), "Server is ready");
  }
  void kill() { process_.reset(); }
  ChildProcess& process() { return *process_; }

 private:
  const std::vector<std::string> more_arguments_;
  const int port_ = free_port();
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace whirl::testing
