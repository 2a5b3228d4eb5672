#include "broker/nats/nats.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "broker/memory/memory.h"
#include "net/loop.h"
#include "testing/broker_suite.h"
#include "testing/nats_server.h"

namespace whirl::broker {
namespace {

using testing::BrokerSuite;
using testing::EngineCase;
using ::testing::SizeIs;

/// One server for all tests of this file; each engine has a prefix of its own.
testing::NatsServer& server() {
  static testing::NatsServer server;
  return server;
}

std::shared_ptr<driver::nats::Connection> connection() {
  driver::nats::Options options;
  options.urls = {server().url()};
  options.dial_timeout_ms = options.write_timeout_ms = 10'000;
  return *driver::nats::Connection::open(std::move(options));
}

/// A node's broker and controller on a loop of its own. Presence is not what NATS keeps: the memory engine
/// does.
class NatsEngine final : public testing::EngineUnderTest {
 public:
  explicit NatsEngine(NatsOptions options = {NatsSubjects("test-" + random_text(12))})
      : options_(std::make_shared<const NatsOptions>(std::move(options))) {}

  Broker& broker() override { return *broker_; }
  PresenceStore& presence() override { return *presence_; }
  Controller& controller() override { return *controller_; }
  std::string node_uid() const override { return "node-1"; }
  bool keeps_history() const override { return false; }
  std::int64_t presence_ttl_ms() const override { return 60'000; }
  void on_loop(const std::function<void()>& call) override { call(); }
  bool run_until(const std::function<bool()>& condition) override {
    const std::int64_t deadline = monotonic_ms() + 20'000;
    while (!condition()) {
      if (monotonic_ms() > deadline) return false;
      loop_.turn(20);
    }
    return true;
  }
  void pass(std::int64_t ms) override {
    clock_.advance(ms);
    presence_loop_.turn();
  }
  const NatsOptions& options() const { return *options_; }

 private:
  const std::shared_ptr<const NatsOptions> options_;
  ManualClock clock_;
  net::Loop presence_loop_{0, clock_};
  net::Loop loop_;
  std::unique_ptr<PresenceStore> presence_ =
      make_memory_presence(presence_loop_, {.presence_ttl_ms = presence_ttl_ms()});
  std::unique_ptr<Broker> broker_ = make_nats_broker(loop_, connection(), options_, nullptr);
  std::unique_ptr<Controller> controller_ =
      make_nats_controller(loop_, connection(), *options_, "node-1", nullptr);
};

INSTANTIATE_TEST_SUITE_P(Nats, BrokerSuite,
                         ::testing::Values(EngineCase{"nats", [] { return std::make_unique<NatsEngine>(); }}),
                         testing::engine_name);

/// Two nodes of one cluster: what `near` hears of what `far` says.
class NatsBrokerTest : public ::testing::Test {
 protected:
  void begin(const NatsOptions& options) {
    near_ = std::make_unique<NatsEngine>(options);
    far_ = std::make_unique<NatsEngine>(options);
    near_->broker().start(heard_);
    far_->broker().start(ignored_);
  }
  static NatsOptions options() { return {NatsSubjects("test-" + random_text(12))}; }
  static NatsOptions raw(NatsSubjects::Raw names) {
    return {.subjects = NatsSubjects("test", names), .raw = true};
  }

  Result<> subscribe(const std::string& channel) {
    return wait(*near_, [&](Done<> done) { near_->broker().subscribe(channel, std::move(done)); });
  }
  Result<> publish(const std::string& channel, std::string_view data) {
    return wait(*far_, [&](Done<> done) {
      far_->broker().publish(channel, SharedBytes::copy(data), {},
                             [done = std::move(done)](Result<PublishResult> result) mutable {
                               done(result ? Result<>() : tl::unexpected(result.error()));
                             });
    });
  }
  static Result<> wait(NatsEngine& at, const std::function<void(Done<>)>& call) {
    auto answer = std::make_shared<std::optional<Result<>>>();
    call([answer](Result<> result) { *answer = std::move(result); });
    if (!at.run_until([&] { return answer->has_value(); })) return fail("no answer");
    return **answer;
  }
  bool heard(std::size_t count) {
    return near_->run_until([&] { return heard_.publications.size() >= count; });
  }

  testing::RecordingSink heard_;
  testing::RecordingSink ignored_;
  std::unique_ptr<NatsEngine> near_;
  std::unique_ptr<NatsEngine> far_;
};

TEST_F(NatsBrokerTest, WhatAnotherNodePublishesArrives) {
  begin(options());
  ASSERT_TRUE(subscribe("news"));
  ASSERT_TRUE(publish("news", "{}"));
  ASSERT_TRUE(heard(1));
  EXPECT_EQ(heard_.publications[0].channel, "news");
  EXPECT_EQ(heard_.publications[0].publication->data.view(), "{}");
  EXPECT_EQ(heard_.publications[0].publication->channel, "");
}

TEST_F(NatsBrokerTest, KeepsNoHistory) {
  begin(options());
  EXPECT_FALSE(nats_limits(near_->options()).history);
  bool failed = false;
  near_->broker().history("news", {}, [&](Result<HistoryResult> result) { failed = !result; });
  EXPECT_TRUE(failed);
  EXPECT_FALSE(wait(*near_, [&](Done<> done) { near_->broker().remove_history("news", std::move(done)); }));
}

TEST_F(NatsBrokerTest, RefusesPatternsUnlessAllowed) {
  begin(options());
  EXPECT_FALSE(subscribe("news.*"));
  EXPECT_FALSE(publish("news.*", "{}"));
  EXPECT_FALSE(publish("news.>", "{}"));
}

TEST_F(NatsBrokerTest, APatternGetsAllChannelsThatFit) {
  NatsOptions with = options();
  with.allows_wildcards = true;
  begin(with);
  ASSERT_TRUE(subscribe("news.*"));
  ASSERT_TRUE(publish("news.1", "1"));
  ASSERT_TRUE(publish("news.1.x", "not this"));
  ASSERT_TRUE(publish("news.2", "2"));
  EXPECT_FALSE(publish("news.*", "never"));
  ASSERT_TRUE(heard(2));
  EXPECT_EQ(heard_.publications[0].channel, "news.*");
  EXPECT_EQ(heard_.publications[0].publication->channel, "news.1");
  EXPECT_EQ(heard_.publications[1].publication->channel, "news.2");
}

TEST_F(NatsBrokerTest, APatternHearsNoJoins) {
  NatsOptions with = options();
  with.allows_wildcards = true;
  begin(with);
  ASSERT_TRUE(subscribe("news.*"));
  auto ann = std::make_shared<const ClientInfo>(ClientInfo{.client = "c1", .user = "ann"});
  ASSERT_TRUE(wait(*far_, [&](Done<> done) { far_->broker().publish_join("news.1", ann, std::move(done)); }));
  ASSERT_TRUE(
      wait(*far_, [&](Done<> done) { far_->broker().publish_leave("news.*", ann, std::move(done)); }));
  ASSERT_TRUE(publish("news.1", "{}"));
  ASSERT_TRUE(heard(1));
  EXPECT_THAT(heard_.joins, SizeIs(0));
  EXPECT_THAT(heard_.leaves, SizeIs(0));
}

TEST_F(NatsBrokerTest, RawPayloadsComeAsTheyAre) {
  const std::string prefix = "raw-" + random_text(12) + ".";
  begin(raw({.prefix = prefix, .replacements = {{":", "."}}}));
  ASSERT_TRUE(subscribe("chat:index"));
  ASSERT_TRUE(subscribe("chat.index")) << "another channel of the same subject";
  ASSERT_TRUE(publish("chat:index", "not even JSON"));
  ASSERT_TRUE(heard(2));
  for (const auto& got : heard_.publications) {
    EXPECT_EQ(got.publication->data.view(), "not even JSON");
    EXPECT_EQ(got.publication->channel, got.channel == "chat:index" ? "chat.index" : "");
  }
}

TEST_F(NatsBrokerTest, RawModeTellsNoJoins) {
  begin(raw({.prefix = "raw-" + random_text(12) + "."}));
  ASSERT_TRUE(subscribe("chat"));
  auto ann = std::make_shared<const ClientInfo>(ClientInfo{.client = "c1", .user = "ann"});
  ASSERT_TRUE(wait(*far_, [&](Done<> done) { far_->broker().publish_join("chat", ann, std::move(done)); }));
  ASSERT_TRUE(wait(*far_, [&](Done<> done) { far_->broker().publish_leave("chat", ann, std::move(done)); }));
  ASSERT_TRUE(publish("chat", "{}"));
  ASSERT_TRUE(heard(1));
  EXPECT_THAT(heard_.publications, SizeIs(1));
}

TEST_F(NatsBrokerTest, AMessageOfSomebodyElseIsSkipped) {
  const std::string prefix = "test-" + random_text(12);
  begin({NatsSubjects(prefix)});
  ASSERT_TRUE(subscribe("news"));
  NatsEngine stranger(raw({.prefix = prefix + ".client."}));
  ASSERT_TRUE(wait(stranger, [&](Done<> done) {
    stranger.broker().publish("news", SharedBytes::copy("\xff\xff not Protobuf"), {},
                              [done = std::move(done)](Result<PublishResult>) mutable { done({}); });
  }));
  ASSERT_TRUE(publish("news", "{}"));
  ASSERT_TRUE(heard(1));
  EXPECT_EQ(heard_.publications[0].publication->data.view(), "{}");
}

TEST_F(NatsBrokerTest, ChannelsThatCannotBeSubjectsAreRefused) {
  begin(options());
  for (const char* channel : {"a b", "a..b", "a\r\nPUB x 0\r\n", "a."}) {
    EXPECT_FALSE(subscribe(channel)) << channel;
    EXPECT_FALSE(publish(channel, "{}")) << channel;
  }
}

}  // namespace
}  // namespace whirl::broker
