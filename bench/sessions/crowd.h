#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/sections/channel.h"
#include "hub/node.h"
#include "metrics/loop_metrics.h"
#include "net/runtime.h"
#include "session/context.h"
#include "session/session.h"

namespace whirl::bench {

/// The far end of a session that has no socket: counts what it is sent.
class Sink final : public session::Connection {
 public:
  explicit Sink(std::uint64_t& received) : received_(received) {}

  void send(const SharedBytes&) override { ++received_; }
  void send_native_ping() override {}
  std::size_t queued_bytes() const override { return 0; }
  void pause_reading() override {}
  void resume_reading() override {}
  void close(std::uint32_t, std::string_view) override {}

  std::shared_ptr<session::Session> session;

 private:
  std::uint64_t& received_;
};

/// Sessions over in-memory connections on real loops, hub and memory engine: what a server holds besides its
/// sockets. Made, used and destroyed by one thread that is not a loop's.
class Crowd {
 public:
  explicit Crowd(int loops);
  ~Crowd();

  int loops() const { return runtime_.size(); }
  std::size_t size() const { return size_; }

  /// Connects until there are so many, spread over the loops.
  void grow(std::size_t sessions);
  /// The first sessions of each loop say this, made for each from its number; waits until all is answered.
  void say(std::size_t sessions, const std::function<std::string(std::size_t)>& command);
  /// Publishes one after another; returns when each is delivered to all of `receivers`.
  void publish(const std::string& channel, int times, std::size_t receivers);
  /// CPU time of the loops' threads so far.
  std::int64_t cpu_ns();

 private:
  struct alignas(64) PerLoop {
    std::unique_ptr<metrics::LoopMetrics> metrics;
    std::unique_ptr<session::Metrics> session_metrics;
    std::unique_ptr<session::Context> context;
    std::vector<std::unique_ptr<Sink>> sinks;
    std::uint64_t received = 0;
  };

  void make_context(PerLoop& part, net::Loop& loop);
  std::uint64_t received();

  net::Runtime runtime_;
  std::vector<std::unique_ptr<PerLoop>> parts_;
  std::unique_ptr<hub::Node> node_;
  std::shared_ptr<session::Settings> settings_;
  std::size_t size_ = 0;
};

}  // namespace whirl::bench
