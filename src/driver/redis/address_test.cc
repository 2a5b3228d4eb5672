#include "driver/redis/address.h"

#include <gtest/gtest.h>

#include "config/sections/redis.h"
#include "driver/redis/options.h"

namespace whirl::driver::redis {
namespace {

TEST(RedisAddressTest, ReadsEveryForm) {
  EXPECT_EQ(parse_address("localhost:6379")->hosts.at(0).text(), "localhost:6379");
  EXPECT_EQ(parse_address("tcp://[::1]:6379")->hosts.at(0).text(), "[::1]:6379");
  EXPECT_EQ(parse_address("unix:///var/run/redis.sock")->hosts.at(0).text(), "unix:/var/run/redis.sock");
  EXPECT_TRUE(parse_address("rediss://a:1")->tls);
  EXPECT_TRUE(parse_address("redis+cluster://a:1")->cluster);

  auto all = parse_address(
      "redis://ann:p%40ss@a:1/7?connect_timeout=2s&io_timeout=300ms&tls_enabled=true&force_resp2=1");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->user, "ann");
  EXPECT_EQ(all->password, "p@ss");
  EXPECT_EQ(all->db, 7);
  EXPECT_EQ(all->connect_timeout_ms, 2000);
  EXPECT_EQ(all->io_timeout_ms, 300);
  EXPECT_TRUE(all->tls);
  EXPECT_EQ(all->force_resp2, true);

  auto sentinel = parse_address(
      "rediss+sentinel://"
      ":pw@a:1?sentinel_master_name=mymaster&addr=b:2&addr=c:3&sentinel_user=u&sentinel_password=p");
  ASSERT_TRUE(sentinel) << sentinel.error().message;
  EXPECT_TRUE(sentinel->sentinel && sentinel->tls && sentinel->sentinel_tls);
  EXPECT_EQ(sentinel->hosts.size(), 3u);
  EXPECT_FALSE(sentinel->user);
  EXPECT_EQ(sentinel->sentinel_master_name, "mymaster");
  EXPECT_EQ(sentinel->sentinel_password, "p");
}

TEST(RedisAddressTest, SaysWhatIsWrongWithoutShowingThePassword) {
  for (std::string_view bad :
       {"", "a", "a:0", "a:65536", "http://a:1", "redis://:secret@a", "redis://:secret@a:1/x",
        "redis://:secret@a:1?foo=1", "redis://:secret@a:1?io_timeout=x", "redis://:secret%zz@a:1", "unix://",
        "redis://:secret@a:1?tls_enabled=maybe"}) {
    auto address = parse_address(bad);
    ASSERT_FALSE(address) << bad;
    EXPECT_EQ(address.error().message.find("secret"), std::string::npos) << address.error().message;
  }
}

TEST(RedisOptionsTest, EachItemIsAShard) {
  config::Redis section;
  section.address = {"a:1", "redis://:other@b:2/1"};
  section.password = "common";
  section.client_name = "whirl";
  auto shards = shards_of(section, "engine.redis");
  ASSERT_TRUE(shards) << shards.error().message;
  ASSERT_EQ(shards->size(), 2u);
  EXPECT_EQ((*shards)[0].login.password, "common");
  EXPECT_EQ((*shards)[1].login.password, "other");
  EXPECT_EQ((*shards)[1].login.db, 1);
  EXPECT_EQ((*shards)[1].login.client_name, "whirl");
}

TEST(RedisOptionsTest, ClusterGoesBeforeSentinelAndThatBeforeAddresses) {
  config::Redis section;
  section.sentinel_address = {"s1:1,s2:2"};
  section.sentinel_master_name = "mymaster";
  auto shards = shards_of(section, "engine.redis");
  EXPECT_EQ(shards->at(0).mode, Mode::sentinel);
  EXPECT_EQ(shards->at(0).name(), "s1:1,s2:2");
  section.cluster_address = {"c1:1,c2:2", "d1:1"};
  shards = shards_of(section, "engine.redis");
  EXPECT_EQ(shards->size(), 2u);
  EXPECT_EQ(shards->at(0).mode, Mode::cluster);
}

TEST(RedisOptionsTest, RefusesWhatCannotWork) {
  auto verdict = [](const config::Redis& section) {
    return shards_of(section, "engine.redis").error().message;
  };
  config::Redis section;
  section.address = {"redis://a"};
  EXPECT_EQ(verdict(section), "engine.redis.address[0]: \"a\" is not host:port");
  section.address = {"redis+sentinel://a:1"};
  EXPECT_EQ(verdict(section),
            "engine.redis.sentinel_master_name must say which master to ask the Sentinels for");
  section.address = {"redis+cluster://a:1/2"};
  EXPECT_EQ(verdict(section), "engine.redis.db is 2, but a Redis Cluster has database 0 only");
  section.address = {};
  EXPECT_EQ(verdict(section), "engine.redis.address is empty: it must say where Redis is");
  section.address = {"a:1"};
  section.replica_client.enabled = true;
  EXPECT_NE(verdict(section).find("Sentinel and Cluster only"), std::string::npos);
  section.replica_client.enabled = false;
  section.tls.enabled = true;
  section.tls.server_ca_pem = "/no/such/file.pem";
  EXPECT_NE(verdict(section).find("engine.redis.tls.server_ca_pem"), std::string::npos);
}

}  // namespace
}  // namespace whirl::driver::redis
