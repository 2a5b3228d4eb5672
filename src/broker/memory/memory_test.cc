#include <gmock/gmock.h>

#include "base/clock.h"
#include "broker/memory/memory.h"
#include "broker/memory/memory_broker.h"
#include "net/loop.h"
#include "testing/broker_suite.h"

namespace whirl::broker {
namespace {

using testing::BrokerSuite;
using testing::EngineCase;

class MemoryEngine final : public testing::EngineUnderTest {
 public:
  Broker& broker() override { return *broker_; }
  PresenceStore& presence() override { return *presence_; }
  Controller& controller() override { return *controller_; }
  std::string node_uid() const override { return "node-1"; }
  std::int64_t presence_ttl_ms() const override { return options_.presence_ttl_ms; }
  void on_loop(const std::function<void()>& call) override { call(); }
  bool run_until(const std::function<bool()>& condition) override { return condition(); }
  void pass(std::int64_t ms) override {
    clock_.advance(ms);
    loop_.turn();
  }

 private:
  MemoryOptions options_{.history_meta_ttl_ms = 3'600'000, .presence_ttl_ms = 60'000};
  ManualClock clock_;
  net::Loop loop_{0, clock_};
  std::unique_ptr<Broker> broker_ = make_memory_broker(loop_, options_);
  std::unique_ptr<PresenceStore> presence_ = make_memory_presence(loop_, options_);
  std::unique_ptr<Controller> controller_ = make_memory_controller("node-1");
};

INSTANTIATE_TEST_SUITE_P(Memory, BrokerSuite,
                         ::testing::Values(EngineCase{"memory",
                                                      [] { return std::make_unique<MemoryEngine>(); }}),
                         testing::engine_name);

class MemoryBrokerTest : public ::testing::Test {
 protected:
  MemoryBrokerTest() { broker_.start(sink_); }

  StreamPosition publish(std::string_view channel, PublishOptions options) {
    StreamPosition position;
    broker_.publish(channel, SharedBytes::copy("x"), std::move(options),
                    [&](Result<PublishResult> result) { position = result->position; });
    return position;
  }
  StreamPosition top(std::string_view channel, std::int64_t meta_ttl_ms = 0) {
    StreamPosition position;
    broker_.history(channel, {.meta_ttl_ms = meta_ttl_ms},
                    [&](Result<HistoryResult> result) { position = result->top; });
    return position;
  }
  void pass(std::int64_t ms) {
    clock_.advance(ms);
    loop_.turn();
  }

  ManualClock clock_;
  net::Loop loop_{0, clock_};
  testing::RecordingSink sink_;
  MemoryBroker broker_{loop_, {}};
};

TEST_F(MemoryBrokerTest, StreamsWithoutAMetaTtlStayForEver) {
  auto at = publish("a", {.history_size = 1, .history_ttl_ms = 10});
  pass(1'000'000'000);
  EXPECT_EQ(top("a"), at);
}

TEST_F(MemoryBrokerTest, ReadingKeepsAStreamAlive) {
  auto at = publish("a", {.history_size = 1, .history_ttl_ms = 10, .history_meta_ttl_ms = 100});
  for (int i = 0; i < 5; ++i) {
    pass(60);
    EXPECT_EQ(top("a", 100), at);
  }
  pass(101);
  EXPECT_EQ(broker_.streams(), 0u) << "forgotten without being asked for";
}

TEST_F(MemoryBrokerTest, SavedResultsAreForgotten) {
  publish("a", {.idempotency_key = "1", .idempotent_result_ttl_ms = 50});
  publish("a", {.idempotency_key = "2"});
  EXPECT_EQ(broker_.saved_results(), 2u);
  pass(51);
  EXPECT_EQ(broker_.saved_results(), 1u);
  pass(5 * 60 * 1000);
  EXPECT_EQ(broker_.saved_results(), 0u) << "five minutes when the publisher does not say";
}

TEST_F(MemoryBrokerTest, AShorterSizeDropsWhatIsTooMuch) {
  for (int i = 0; i < 10; ++i) publish("a", {.history_size = 10, .history_ttl_ms = 1000});
  publish("a", {.history_size = 2, .history_ttl_ms = 1000});
  std::vector<std::uint64_t> offsets;
  broker_.history("a", {.limit = -1}, [&](Result<HistoryResult> result) {
    for (const auto& p : result->publications) offsets.push_back(p->offset);
  });
  EXPECT_THAT(offsets, ::testing::ElementsAre(10, 11));
}

TEST(MemoryPresence, WithoutATtlOnlyRemovalEndsAnEntry) {
  ManualClock clock;
  net::Loop loop(0, clock);
  auto presence = make_memory_presence(loop, {});
  presence->add("a", std::make_shared<ClientInfo>(ClientInfo{.client = "c", .user = "u"}), [](Result<>) {});
  clock.advance(1'000'000'000);
  loop.turn();
  std::uint32_t clients = 0;
  presence->stats("a", [&](Result<PresenceStats> stats) { clients = stats->clients; });
  EXPECT_EQ(clients, 1u);
}

}  // namespace
}  // namespace whirl::broker
