#pragma once
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace whirl::testing {

/// A redis-server on a free port of 127.0.0.1, with its files in a directory of its own; ended and removed
/// with this object. A test is skipped where there is no redis-server (available()).
class RedisServer {
 public:
  static bool available();

  /// `lines` are added to its configuration; `sentinel` runs it as a Sentinel.
  explicit RedisServer(std::vector<std::string> lines = {}, bool sentinel = false);
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string unix_path() const { return directory_ + "/redis.sock"; }
  const std::string& directory() const { return directory_; }

  /// SIGKILL; what it kept is lost. start() brings it back on the same port.
  void kill();
  void start();
  /// It is there, but does nothing.
  void freeze();
  void thaw();

  /// Sends a command (after AUTH, if its lines have a requirepass) and returns the raw reply; "" if it cannot
  /// be reached.
  std::string call(const std::vector<std::string>& words) const;

 private:
  bool answers() const;

  std::vector<std::string> lines_;
  std::string password_;
  bool sentinel_;
  int port_;
  std::string directory_;
  pid_t pid_ = -1;
};

/// A Redis Cluster of three masters, each with a replica. Its timeout is long: nodes drop the connections
/// between them, and PUB/SUB messages with those, when one stalls for half of it. So a replica takes over
/// only when it is told to.
class RedisCluster {
 public:
  static constexpr std::size_t kMasters = 3;

  RedisCluster();
  RedisServer& node(std::size_t i) { return *nodes_[i]; }  ///< the masters come first
  std::size_t size() const { return nodes_.size(); }

 private:
  std::vector<std::unique_ptr<RedisServer>> nodes_;
};

}  // namespace whirl::testing
