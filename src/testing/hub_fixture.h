#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "broker/memory/memory.h"
#include "hub/node.h"
#include "metrics/loop_metrics.h"
#include "net/runtime.h"
#include "testing/hub_fakes.h"

namespace whirl::testing {

inline hub::EngineFactory memory_engine(const broker::MemoryOptions& options = {}) {
  return {[=](net::Loop& loop) { return broker::make_memory_broker(loop, options); },
          [=](net::Loop& loop) { return broker::make_memory_presence(loop, options); },
          [](net::Loop&, std::string_view uid) { return broker::make_memory_controller(uid); }};
}

/// A node of loops that the test turns itself, under a clock that it moves: everything happens when it says
/// so.
class HubFixture : public ::testing::Test {
 protected:
  HubFixture() { make_node(memory_engine()); }

  void make_node(hub::EngineFactory engine, hub::Node::Options options = {}, int loops = 1) {
    node_.reset();
    runtime_ = std::make_unique<net::Runtime>(loops, clock_);
    metrics_.clear();
    for (int i = 0; i < loops; ++i) metrics_.push_back(std::make_unique<metrics::LoopMetrics>());
    options.metrics = [this](int i) -> metrics::LoopMetrics& {
      return *metrics_[static_cast<std::size_t>(i)];
    };
    node_ = hub::Node::create(*runtime_, std::move(engine), std::move(options));
  }

  /// Runs the call in a turn of a loop, then everything that follows from it on all loops.
  void on_loop(int loop, const std::function<void()>& call) {
    runtime_->loop(loop).post([&] { call(); });
    settle();
  }
  void in_loop(const std::function<void()>& call) { on_loop(0, call); }
  void settle() {
    for (int round = 0; round < 6; ++round) {
      for (int i = 0; i < runtime_->size(); ++i) runtime_->loop(i).turn();
    }
  }
  void pass(std::int64_t ms) {
    clock_.advance(ms);
    settle();
  }

  /// Makes a call that answers through a Done, on the given loop; nothing if there is no answer.
  template <class T, class Call>
  std::optional<Result<T>> ask(const Call& call, int loop = 0) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    on_loop(loop, [&] {
      call(broker::Done<T>([answer](Result<T> result) { answer->emplace(std::move(result)); }));
    });
    return std::move(*answer);
  }

  hub::SubscribeOutcome subscribe(FakeSubscriber& subscriber, hub::SubscribeRequest request, int loop = 0) {
    auto outcome = ask<hub::SubscribeOutcome>(
        [&](auto done) { node_->local().subscribe(subscriber, std::move(request), std::move(done)); }, loop);
    EXPECT_TRUE(outcome && *outcome);
    return outcome && *outcome ? std::move(**outcome) : hub::SubscribeOutcome{};
  }

  void unsubscribe(hub::Subscription* subscription, int loop = 0) {
    on_loop(loop, [&] { node_->local().unsubscribe(subscription); });
  }

  broker::PublishResult publish(std::string channel, std::string_view data,
                                broker::PublishOptions options = {}, int loop = 0) {
    auto result = ask<broker::PublishResult>(
        [&](auto done) {
          node_->publish(std::move(channel), SharedBytes::copy(data), std::move(options), std::move(done));
        },
        loop);
    EXPECT_TRUE(result && *result);
    return result && *result ? std::move(**result) : broker::PublishResult{};
  }

  hub::NodeInfo info(int loop = 0) {
    auto nodes = ask<std::vector<hub::NodeInfo>>([&](auto done) { node_->info(std::move(done)); }, loop);
    return nodes->value().at(0);
  }

  static broker::PublishOptions kept(int size = 100) {
    return {.history_size = size, .history_ttl_ms = 60'000};
  }

  ManualClock clock_;
  std::unique_ptr<net::Runtime> runtime_;
  std::vector<std::unique_ptr<metrics::LoopMetrics>> metrics_;
  std::unique_ptr<hub::Node> node_;
};

}  // namespace whirl::testing
