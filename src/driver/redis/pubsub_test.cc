#include "driver/redis/pubsub.h"

#include <gmock/gmock.h>

#include <optional>

#include "testing/redis_caller.h"
#include "testing/redis_server.h"

namespace whirl::driver::redis {
namespace {

using testing::RedisCaller;
using testing::RedisServer;

/// Writes down what subscriptions tell.
struct Listener final : PubSub::Sink {
  std::vector<std::string> messages{};
  std::string trouble = "not connected yet";

  void on_message(std::string_view channel, std::string_view payload) override {
    messages.push_back(std::string(channel) + "=" + std::string(payload));
  }
  void on_subscriptions_lost(std::string_view why) override { trouble = why; }
  void on_subscriptions_restored() override { trouble.clear(); }
};

class RedisPubSubTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::available()) GTEST_SKIP() << "there is no redis-server";
    server_ = std::make_unique<RedisServer>();
    ShardOptions options;
    options.addresses = {{.host = "127.0.0.1", .port = server_->port(), .unix_path = {}}};
    caller_ = std::make_unique<RedisCaller>(options);
    pubsub_ = std::make_unique<PubSub>(caller_->client(), listener_);
    pubsub_->start();
  }

  bool is_subscribed(std::string_view channel) {
    auto answer = std::make_shared<std::optional<bool>>();
    pubsub_->subscribe(channel, [answer](Result<> result) { *answer = result.has_value(); });
    return caller_->run_until([&] { return answer->has_value(); }) && **answer;
  }
  bool works() {
    return caller_->run_until([&] { return listener_.trouble.empty(); });
  }
  bool hears(std::string_view message) {
    return caller_->run_until(
        [&] { return !listener_.messages.empty() && listener_.messages.back() == message; });
  }

  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<RedisCaller> caller_;
  Listener listener_;
  std::unique_ptr<PubSub> pubsub_;
};

TEST_F(RedisPubSubTest, SubscriptionsOutliveTheConnection) {
  ASSERT_TRUE(is_subscribed("a"));
  server_->kill();
  EXPECT_TRUE(caller_->run_until([&] { return !listener_.trouble.empty(); }));
  server_->start();
  ASSERT_TRUE(works());
  server_->call({"PUBLISH", "a", "1"});
  EXPECT_TRUE(hears("a=1"));
}

TEST_F(RedisPubSubTest, AskingAgainDoesNotPutTheDeadlineOff) {
  ShardOptions options = caller_->client().options();
  options.io_timeout_ms = 300;
  RedisCaller caller(options);
  Listener listener;
  PubSub pubsub(caller.client(), listener);
  pubsub.start();
  ASSERT_TRUE(caller.run_until([&] { return listener.trouble.empty(); }));
  server_->freeze();
  int asked = 0;
  int failed = 0;
  EXPECT_TRUE(caller.run_until([&] {
    if (failed > 0) return true;
    ++asked;
    pubsub.subscribe("a", [&](Result<> result) { failed += result ? 0 : 1; });
    return false;
  }));
  EXPECT_EQ(failed, asked) << "all who asked are told";
  EXPECT_TRUE(caller.run_until([&] { return !listener.trouble.empty(); }));
  server_->thaw();
}

TEST_F(RedisPubSubTest, SubscriptionsThatANewConnectionRefusesAreKeptForTheNext) {
  ASSERT_TRUE(is_subscribed("a"));
  server_->call({"ACL", "SETUSER", "default", "resetchannels"});
  server_->call({"CLIENT", "KILL", "TYPE", "pubsub"});
  EXPECT_TRUE(caller_->run_until([&] { return listener_.trouble.starts_with("NOPERM"); }));
  EXPECT_FALSE(is_subscribed("b")) << "a new one fails";
  server_->call({"ACL", "SETUSER", "default", "allchannels"});
  ASSERT_TRUE(works());
  server_->call({"PUBLISH", "a", "1"});
  EXPECT_TRUE(hears("a=1"));
}

TEST_F(RedisPubSubTest, WhatIsLeftIsNotHeardAnyMore) {
  ASSERT_TRUE(is_subscribed("a"));
  ASSERT_TRUE(is_subscribed("b"));
  bool left = false;
  pubsub_->unsubscribe("a", [&](Result<>) { left = true; });
  ASSERT_TRUE(caller_->run_until([&] { return left; }));
  server_->call({"PUBLISH", "a", "1"});
  server_->call({"PUBLISH", "b", "2"});
  ASSERT_TRUE(hears("b=2"));
  EXPECT_EQ(listener_.messages.size(), 1u);
}

}  // namespace
}  // namespace whirl::driver::redis
