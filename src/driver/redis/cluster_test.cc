#include <gmock/gmock.h>

#include "testing/redis_caller.h"
#include "testing/redis_server.h"

namespace whirl::driver::redis {
namespace {

using ::testing::HasSubstr;
using testing::RedisCaller;
using testing::RedisCluster;
using testing::RedisServer;

/// Three masters with a replica each, shared by the tests, which leave it whole.
class RedisClusterTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (RedisServer::available()) cluster_ = std::make_unique<RedisCluster>();
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  void SetUp() override {
    if (!cluster_) GTEST_SKIP() << "there is no redis-server";
  }

  static ShardOptions options() {
    ShardOptions options;
    options.mode = Mode::cluster;
    options.addresses = {{.host = "127.0.0.1", .port = cluster_->node(0).port(), .unix_path = {}}};
    return options;
  }
  static std::string id_of(RedisServer& node) { return node.call({"CLUSTER", "MYID"}).substr(5, 40); }

  /// The master that serves the key, and another one.
  struct Pair {
    RedisServer& owner;
    RedisServer& other;
  };
  static Pair servers_of(const std::string& key) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (!cluster_->node(i).call({"EXISTS", key}).starts_with("-MOVED"))
        return {cluster_->node(i), cluster_->node((i + 1) % 3)};
    }
    throw std::runtime_error("nobody serves " + key);
  }

  static inline std::unique_ptr<RedisCluster> cluster_;
};

TEST_F(RedisClusterTest, CommandsGoWhereTheirKeysAre) {
  RedisCaller caller(options());
  for (int i = 0; i < 20; ++i) {
    const std::string key = "key" + std::to_string(i);
    EXPECT_EQ(caller.call({"SET", key, key}, {.key = key}), "OK");
    EXPECT_EQ(caller.call({"GET", key}, {.key = key}), key);
  }
  EXPECT_EQ(caller.call({"PING"}), "PONG");
}

TEST_F(RedisClusterTest, ASlotOnItsWayIsFollowed) {
  const std::string key = "moving";
  const std::string slot = std::to_string(slot_of(key));
  auto [owner, other] = servers_of(key);
  RedisCaller caller(options());
  EXPECT_EQ(caller.call({"SET", key, "1"}, {.key = key}), "OK");
  other.call({"CLUSTER", "SETSLOT", slot, "IMPORTING", id_of(owner)});
  owner.call({"CLUSTER", "SETSLOT", slot, "MIGRATING", id_of(other)});
  owner.call({"MIGRATE", "127.0.0.1", std::to_string(other.port()), key, "0", "5000"});

  const Script increment("return redis.call('incr', KEYS[1])");
  EXPECT_EQ(caller.call({"GET", key}, {.key = key}), "1") << "asked where it is going to (ASK)";
  EXPECT_EQ(caller.eval(increment, key), "2") << "scripts too, which that server has yet to load";

  for (std::size_t i = 0; i < 3; ++i)
    cluster_->node(i).call({"CLUSTER", "SETSLOT", slot, "NODE", id_of(other)});
  EXPECT_EQ(caller.call({"GET", key}, {.key = key}), "2") << "it has moved (MOVED)";
}

TEST_F(RedisClusterTest, AReplicaThatTakesOverIsFound) {
  const std::string key = "survivor";
  RedisCaller caller(options());
  EXPECT_EQ(caller.call({"SET", key, "1"}, {.key = key}), "OK");
  RedisServer& master = servers_of(key).owner;
  std::size_t index = 0;
  while (&cluster_->node(index) != &master) ++index;
  RedisServer& replica = cluster_->node(index + 3);
  master.kill();
  replica.call({"CLUSTER", "FAILOVER", "TAKEOVER"});
  EXPECT_EQ(caller.call({"SET", key, "2"}, {.key = key, .repeatable = true}), "OK");
  EXPECT_TRUE(caller.run_until([&] { return caller.up(); })) << caller.trouble();

  master.start();
  ASSERT_TRUE(caller.run_until([&] {
    return master.call({"ROLE"}).find("slave") != std::string::npos &&
           master.call({"INFO", "replication"}).find("master_link_status:up") != std::string::npos;
  }));
  replica.kill();
  master.call({"CLUSTER", "FAILOVER", "TAKEOVER"});
  EXPECT_EQ(caller.call({"GET", key}, {.key = key, .repeatable = true}), "2");
  replica.start();
}

TEST_F(RedisClusterTest, ReplicasAnswerReads) {
  ShardOptions reads = options();
  reads.read_from_replicas = true;
  RedisCaller caller(reads);
  const std::string key = "read";
  EXPECT_EQ(caller.call({"SET", key, "1"}, {.key = key}), "OK");
  RedisServer& master = servers_of(key).owner;
  auto misses = [&] {
    const std::string stats = master.call({"INFO", "commandstats"});
    const auto at = stats.find("cmdstat_strlen:calls=");
    return at == stats.npos ? 0 : std::atoi(stats.c_str() + at + 21);
  };
  const Way read{.key = key, .repeatable = true, .replica = true};
  // Until the replica is connected its master answers.
  ASSERT_TRUE(caller.run_until([&] {
    const int before = misses();
    return caller.call({"STRLEN", key}, read) == "1" && misses() == before;
  }));
  const Script length("return redis.call('strlen', KEYS[1])");
  EXPECT_EQ(caller.eval(length, key, {}, read), "1");
}

}  // namespace
}  // namespace whirl::driver::redis
