#include "testing/redis_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string_view>

#include "driver/redis/resp.h"
#include "testing/child_process.h"
#include "testing/loopback.h"

namespace whirl::testing {
namespace {

constexpr const char* kProgram = "/usr/bin/redis-server";
constexpr int kStartMs = 20'000;

void wait_until(std::string_view what, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kStartMs);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error(fmt::format("{} took too long", what));
    ::usleep(10'000);
  }
}

/// Sends a command and reads the whole reply.
std::string ask(int fd, const std::vector<std::string>& words) {
  std::string command;
  const std::vector<std::string_view> views(words.begin(), words.end());
  driver::redis::append_command(command, views);
  std::string reply;
  if (::send(fd, command.data(), command.size(), MSG_NOSIGNAL) <= 0) return reply;
  driver::redis::Parser parser;
  driver::redis::Value value;
  char buffer[16 * 1024];
  for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
    const std::string_view bytes(buffer, static_cast<std::size_t>(got));
    reply += bytes;
    parser.feed(bytes);
    auto whole = parser.next(value);
    if (!whole || *whole) break;
  }
  return reply;
}

/// How many nodes an answer to CLUSTER NODES lists; none while one of them is not reached yet.
std::size_t linked_nodes(std::string_view nodes) {
  std::size_t count = 0;
  for (std::size_t at = nodes.find(" connected"); at != std::string_view::npos;
       at = nodes.find(" connected", at + 1)) {
    ++count;
  }
  const bool some_are_not = nodes.find("handshake") != std::string_view::npos ||
                            nodes.find("disconnected") != std::string_view::npos;
  return some_are_not ? 0 : count;
}

}  // namespace

bool RedisServer::available() {
  return ::access(kProgram, X_OK) == 0;
}

RedisServer::RedisServer(std::vector<std::string> lines, bool sentinel)
    : lines_(std::move(lines)), sentinel_(sentinel), port_(free_port()) {
  constexpr std::string_view kPassword = "requirepass ";
  for (const std::string& line : lines_) {
    if (line.starts_with(kPassword)) password_ = line.substr(kPassword.size());
  }
  std::string name = (std::filesystem::temp_directory_path() / "whirl-redis-XXXXXX").string();
  directory_ = ::mkdtemp(name.data());
  start();
}

RedisServer::~RedisServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void RedisServer::start() {
  const std::string file = directory_ + "/redis.conf";
  if (!std::filesystem::exists(file)) {
    std::ofstream out(file);
    out << "bind 127.0.0.1\nport " << port_ << "\ndir " << directory_ << "\n";
    if (!sentinel_) out << "save \"\"\nunixsocket " << unix_path() << "\n";
    for (const std::string& line : lines_) out << line << '\n';
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    const int log = ::open((directory_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, 1);
    ::dup2(log, 2);
    if (sentinel_) {
      ::execl(kProgram, kProgram, file.c_str(), "--sentinel", nullptr);
    } else {
      ::execl(kProgram, kProgram, file.c_str(), nullptr);
    }
    ::_exit(127);
  }
  wait_until("starting redis-server", [this] { return answers(); });
}

void RedisServer::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::freeze() {
  testing::freeze(pid_);
}

void RedisServer::thaw() {
  testing::thaw(pid_);
}

bool RedisServer::answers() const {
  // One that wants a password, or another port for plain connections, answers in its way.
  return !call({"PING"}).empty();
}

std::string RedisServer::call(const std::vector<std::string>& words) const {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const net::SocketAddress address = loopback(port_);
  const timeval timeout{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  std::string reply;
  if (::connect(fd, address.get(), address.size()) == 0) {
    if (!password_.empty()) ask(fd, {"AUTH", password_});
    reply = ask(fd, words);
  }
  ::close(fd);
  return reply;
}

RedisCluster::RedisCluster() {
  for (std::size_t i = 0; i < 2 * kMasters; ++i) {
    nodes_.push_back(std::make_unique<RedisServer>(
        std::vector<std::string>{"cluster-enabled yes", "cluster-node-timeout 30000"}));
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->call({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
    if (i > 0) nodes_[i]->call({"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[0]->port())});
  }
  constexpr std::size_t kAllSlots = 16384;
  for (std::size_t i = 0; i < kMasters; ++i) {
    const std::size_t first = kAllSlots * i / kMasters;
    const std::size_t last = kAllSlots * (i + 1) / kMasters - 1;
    nodes_[i]->call({"CLUSTER", "ADDSLOTSRANGE", std::to_string(first), std::to_string(last)});
  }
  for (std::size_t i = kMasters; i < nodes_.size(); ++i) {
    std::string id = nodes_[i - kMasters]->call({"CLUSTER", "MYID"}).substr(5, 40);
    wait_until("making a replica", [&] {
      return nodes_[i]->call({"CLUSTER", "REPLICATE", id}).starts_with("+OK");
    });
  }
  for (auto& node : nodes_) {
    wait_until("forming the Cluster", [&] {
      return node->call({"CLUSTER", "INFO"}).find("cluster_state:ok") != std::string::npos &&
             linked_nodes(node->call({"CLUSTER", "NODES"})) == nodes_.size();
    });
  }
}

}  // namespace whirl::testing
