#include "driver/redis/client.h"

#include <gmock/gmock.h>

#include <thread>

#include "testing/loopback.h"
#include "testing/redis_caller.h"
#include "testing/redis_server.h"

namespace whirl::driver::redis {
namespace {

using ::testing::HasSubstr;
using testing::RedisCaller;
using testing::RedisServer;

/// A server that takes no password and one that does, shared by the tests.
class RedisClientTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!RedisServer::available()) return;
    open_ = std::make_unique<RedisServer>();
    guarded_ = std::make_unique<RedisServer>(
        std::vector<std::string>{"requirepass right", "databases 4", "busy-reply-threshold 50"});
  }
  static void TearDownTestSuite() {
    open_.reset();
    guarded_.reset();
  }
  void SetUp() override {
    if (!open_) GTEST_SKIP() << "there is no redis-server";
  }

  static ShardOptions at(const RedisServer& server, Login login = {}) {
    ShardOptions options;
    options.addresses = {{.host = "127.0.0.1", .port = server.port(), .unix_path = {}}};
    options.login = std::move(login);
    return options;
  }

  static inline std::unique_ptr<RedisServer> open_;
  static inline std::unique_ptr<RedisServer> guarded_;
};

TEST_F(RedisClientTest, CallsAndScriptsAreAnswered) {
  RedisCaller caller(at(*guarded_, {.password = "right", .client_name = "whirl-test", .db = 3}));
  EXPECT_EQ(caller.call({"SET", "k", "v"}), "OK");
  EXPECT_EQ(caller.call({"GET", "k"}), "v");
  EXPECT_EQ(caller.call({"CLIENT", "GETNAME"}), "whirl-test");
  const Script add("return tonumber(ARGV[1]) + 1");
  EXPECT_EQ(caller.eval(add, "k", {"41"}), "42");
}

TEST_F(RedisClientTest, ScriptsThatTheServerForgotAreLoadedAgain) {
  const Script one("return 1");
  RedisCaller caller(at(*open_), {&one});
  EXPECT_EQ(caller.eval(one, "k"), "1");
  open_->call({"SCRIPT", "FLUSH"});
  EXPECT_EQ(caller.eval(one, "k"), "1");
}

TEST_F(RedisClientTest, Version3OfTheProtocolIsSpokenUnlessForbiddenOrUnknown) {
  RedisCaller modern(at(*guarded_, {.password = "right"}));
  EXPECT_THAT(*modern.call({"CLIENT", "INFO"}), HasSubstr(" resp=3"));
  RedisCaller forced(at(*guarded_, {.password = "right", .force_resp2 = true}));
  EXPECT_THAT(*forced.call({"CLIENT", "INFO"}), HasSubstr(" resp=2"));
  const RedisServer old({"rename-command HELLO \"\""});
  RedisCaller with_old(at(old));
  EXPECT_THAT(*with_old.call({"CLIENT", "INFO"}), HasSubstr(" resp=2"));
}

TEST_F(RedisClientTest, WhatIsWrongWithTheLoginIsSaid) {
  struct Case {
    const RedisServer& server;
    Login login;
    std::string_view says;
  };
  const Case cases[] = {
      {*guarded_, {.password = "wrong"}, "the user or password is wrong"},
      {*guarded_, {.user = "ann", .password = "right"}, "the user or password is wrong"},
      {*guarded_, {}, "set the option password"},
      {*guarded_, {.password = "right", .db = 9}, "no database of this number"},
      {*open_, {.password = "right"}, "unset the option password"},
  };
  for (const Case& c : cases) {
    RedisCaller caller(at(c.server, c.login));
    caller.run_until([&] { return !caller.trouble().empty(); });
    EXPECT_THAT(caller.trouble(), HasSubstr(c.says));
    EXPECT_FALSE(caller.up());
  }
}

TEST_F(RedisClientTest, AFullServerIsSaidToBeFull) {
  RedisCaller caller(at(*open_));
  open_->call({"CONFIG", "SET", "maxmemory", "1"});
  auto refused = caller.call({"SET", "k", "v"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("no memory left: raise its maxmemory"));
  const Script write("return redis.call('set', KEYS[1], 'v')");
  refused = caller.eval(write, "k");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("no memory left: raise its maxmemory"));
  open_->call({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(caller.call({"SET", "k", "v"}), "OK");
}

TEST_F(RedisClientTest, AKilledScriptIsSaidToBeKilled) {
  RedisCaller caller(at(*guarded_, {.password = "right"}));
  EXPECT_EQ(caller.call({"SET", "k", "v"}), "OK");
  std::thread killer([] {
    while (guarded_->call({"SCRIPT", "KILL"}) != "+OK\r\n") std::this_thread::yield();
  });
  const Script endless("while true do end");
  auto killed = caller.eval(endless, "k");
  killer.join();
  ASSERT_FALSE(killed);
  EXPECT_THAT(killed.error().message, HasSubstr("was it killed by SCRIPT KILL?"));
  EXPECT_EQ(caller.call({"GET", "k"}), "v");
}

TEST_F(RedisClientTest, ACommandWaitsForAReplicaToBecomeTheMaster) {
  RedisServer replica({"replicaof 127.0.0.1 " + std::to_string(open_->port())});
  RedisCaller caller(at(replica));
  EXPECT_EQ(caller.call({"PING"}), "PONG");
  auto answer = std::make_shared<std::string>();
  const std::string_view words[] = {"SET", "k", "v"};
  caller.client().command(words, {}, [answer](Result<Value> value) {
    *answer = value ? std::string(value->text) : value.error().message;
  });
  caller.run_until([&] { return caller.trouble().starts_with("READONLY"); });
  EXPECT_THAT(caller.trouble(), HasSubstr("the server is a replica now"));
  replica.call({"REPLICAOF", "NO", "ONE"});
  EXPECT_TRUE(caller.run_until([&] { return !answer->empty(); }));
  EXPECT_EQ(*answer, "OK");
}

TEST_F(RedisClientTest, AClusterWithoutSlotsIsSaidToBeNone) {
  RedisServer server({"cluster-enabled yes"});
  ShardOptions options = at(server);
  options.mode = Mode::cluster;
  options.io_timeout_ms = 500;
  RedisCaller caller(options);
  auto refused = caller.call({"SET", "k", "v"}, {.key = "k"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("is known to serve slot"));
  EXPECT_THAT(caller.trouble(), HasSubstr("the Cluster has no slots: was it created?"));

  options.mode = Mode::standalone;
  RedisCaller plain(options);
  refused = plain.call({"SET", "k", "v"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("the Cluster does not serve all slots"));
}

TEST_F(RedisClientTest, AServerThatIsNoClusterIsSaidToBeNone) {
  ShardOptions options = at(*open_);
  options.mode = Mode::cluster;
  RedisCaller caller(options);
  caller.run_until([&] { return !caller.trouble().empty(); });
  EXPECT_THAT(caller.trouble(), HasSubstr("use address instead of cluster_address"));
}

TEST_F(RedisClientTest, EveryCommandIsAnsweredWhileNothingIs) {
  ShardOptions options = at(*open_);
  options.io_timeout_ms = 300;
  RedisCaller caller(options);
  EXPECT_EQ(caller.call({"PING"}), "PONG");
  open_->freeze();
  auto late = caller.call({"PING"});
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("no answer in time (io_timeout)"));
  late = caller.call({"PING"});
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("no connection in time"));
  open_->thaw();
  EXPECT_TRUE(caller.run_until([&] { return caller.up(); }));
  EXPECT_EQ(caller.call({"PING"}), "PONG");
}

TEST_F(RedisClientTest, OnlySoManyCommandsWaitForAConnection) {
  ShardOptions options;
  options.addresses = {{.host = "127.0.0.1", .port = testing::free_port(), .unix_path = {}}};
  options.io_timeout_ms = 500;
  RedisCaller caller(options);
  std::size_t failed = 0;
  std::string why;
  const std::string_view words[] = {"PING"};
  for (std::size_t i = 0; i < Node::kMaxWaiting + 5; ++i) {
    caller.client().command(words, {}, [&](Result<Value> value) {
      ++failed;
      why = value.error().message;
    });
  }
  EXPECT_EQ(failed, 5u);
  EXPECT_THAT(why, HasSubstr("too many commands wait for a connection"));
  caller.run_until([&] { return failed == Node::kMaxWaiting + 5; });
}

TEST_F(RedisClientTest, OnlySoManyBytesWaitForTheServer) {
  RedisCaller caller(at(*open_));
  EXPECT_EQ(caller.call({"PING"}), "PONG");
  open_->freeze();
  const std::string megabyte(1 << 20, 'x');
  const std::string_view words[] = {"SET", "k", megabyte};
  std::string why;
  constexpr int kMost = 2 * (Node::kMaxUnsentBytes >> 20);
  int sent = 0;
  for (; sent < kMost && why.empty(); ++sent) {
    caller.client().command(words, {}, [&](Result<Value> value) {
      if (!value) why = value.error().message;
    });
  }
  open_->thaw();
  EXPECT_LT(sent, kMost);
  EXPECT_THAT(why, HasSubstr("its queue is full"));
  EXPECT_TRUE(caller.run_until([&] { return caller.call({"PING"}) == "PONG"; }));
}

}  // namespace
}  // namespace whirl::driver::redis
