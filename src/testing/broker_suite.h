#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "broker/broker.h"

namespace whirl::testing {

/// One engine on one loop, as the behaviour suite drives it. The node's name for the controller is
/// `node_uid()`.
class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  virtual broker::Broker& broker() = 0;
  virtual broker::PresenceStore& presence() = 0;
  virtual broker::Controller& controller() = 0;
  virtual std::string node_uid() const = 0;
  /// Tests of what an engine does not promise are skipped.
  virtual bool keeps_history() const { return true; }
  /// Versions, and reading from new to old.
  virtual bool has_streams() const { return true; }
  /// False where time passes in earnest and the same was tried with another case of the engine.
  virtual bool is_worth_waiting_for() const { return true; }
  /// Presence entries live this long; the suite lets more than that pass.
  virtual std::int64_t presence_ttl_ms() const = 0;
  /// Runs the call on the engine's loop.
  virtual void on_loop(const std::function<void()>& call) = 0;
  /// Lets the engine work until the condition holds; false when it never does (a bounded wait).
  virtual bool run_until(const std::function<bool()>& condition) = 0;
  /// Lets so much time pass: by a virtual clock where the engine has one.
  virtual void pass(std::int64_t ms) = 0;
};

/// An engine by name, for parameterised tests.
struct EngineCase {
  std::string name;
  std::function<std::unique_ptr<EngineUnderTest>()> make;
};

/// Writes down what an engine hands over.
class RecordingSink final : public broker::BrokerSink, public broker::ControllerSink {
 public:
  struct Published {
    std::string channel;
    broker::PublicationPtr publication;
    std::string epoch;
    bool use_delta = false;
    broker::PublicationPtr previous;
  };
  struct Presence {
    std::string channel;
    broker::ClientInfoPtr info;
  };
  std::vector<Published> publications;
  std::vector<Presence> joins;
  std::vector<Presence> leaves;
  std::vector<std::string> missed;
  std::vector<std::string> controls;

  void on_publication(std::string_view channel, broker::PublicationPtr publication, std::string_view epoch,
                      bool use_delta, broker::PublicationPtr previous) override {
    publications.push_back(
        {std::string(channel), std::move(publication), std::string(epoch), use_delta, std::move(previous)});
  }
  void on_join(std::string_view channel, broker::ClientInfoPtr info) override {
    joins.push_back({std::string(channel), std::move(info)});
  }
  void on_leave(std::string_view channel, broker::ClientInfoPtr info) override {
    leaves.push_back({std::string(channel), std::move(info)});
  }
  void on_missed(std::vector<std::string> channels) override {
    for (std::string& channel : channels) missed.push_back(std::move(channel));
  }
  void on_control(std::string_view message) override { controls.emplace_back(message); }
};

/// The fixture of the tests that every engine has to pass. It assumes nothing about when callbacks come, and
/// uses channels of its own, so that it can share a server with others. An engine joins with
///   INSTANTIATE_TEST_SUITE_P(Redis, BrokerSuite, ::testing::Values(EngineCase{"redis", ...}), engine_name);
class BrokerSuite : public ::testing::TestWithParam<EngineCase> {
 protected:
  void SetUp() override {
    engine_ = GetParam().make();
    engine_->on_loop([&] {
      engine_->broker().start(sink_);
      engine_->controller().start(sink_);
    });
  }

  broker::Broker& broker() { return engine_->broker(); }
  broker::PresenceStore& presence() { return engine_->presence(); }

  /// Makes a call that answers through a Done and waits for the answer.
  template <class T = void, class Call>
  Result<T> wait(const Call& call) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    engine_->on_loop(
        [&] { call(broker::Done<T>([answer](Result<T> result) { *answer = std::move(result); })); });
    if (!engine_->run_until([&] { return answer->has_value(); })) return fail("no answer");
    return std::move(**answer);
  }

  void subscribe(const std::string& channel) {
    ASSERT_TRUE(wait<>([&](auto done) { broker().subscribe(channel, std::move(done)); }));
  }

  broker::PublishResult publish(const std::string& channel, std::string_view data,
                                broker::PublishOptions options = {}) {
    auto result = wait<broker::PublishResult>(
        [&](auto done) { broker().publish(channel, SharedBytes::copy(data), options, std::move(done)); });
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(broker::PublishResult{});
  }

  broker::HistoryResult history(const std::string& channel, broker::HistoryQuery query = {.limit = -1}) {
    auto result =
        wait<broker::HistoryResult>([&](auto done) { broker().history(channel, query, std::move(done)); });
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(broker::HistoryResult{});
  }

  /// Payloads of what a query reads, in its order.
  std::vector<std::string> read(const std::string& channel, broker::HistoryQuery query = {.limit = -1}) {
    std::vector<std::string> out;
    for (const auto& p : history(channel, query).publications) out.emplace_back(p->data.view());
    return out;
  }

  static broker::PublishOptions kept(int size = 10, std::int64_t ttl_ms = 60'000) {
    return {.history_size = size, .history_ttl_ms = ttl_ms};
  }

  static broker::ClientInfoPtr client(std::string id, std::string user) {
    return std::make_shared<broker::ClientInfo>(
        broker::ClientInfo{.client = std::move(id), .user = std::move(user)});
  }

  bool arrived(std::size_t publications) {
    return engine_->run_until([&] { return sink_.publications.size() >= publications; });
  }

  RecordingSink sink_;  // outlives the engine
  std::unique_ptr<EngineUnderTest> engine_;
  const std::string channel_ = "suite:" + random_text(12);
};

inline std::string engine_name(const ::testing::TestParamInfo<EngineCase>& info) {
  return info.param.name;
}

}  // namespace whirl::testing
