#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "testing/loopback.h"
#include "testing/redis_caller.h"
#include "testing/redis_server.h"
#include "testing/tls_identity.h"

namespace whirl::driver::redis {
namespace {

using ::testing::HasSubstr;
using testing::RedisCaller;
using testing::RedisServer;

net::ConnectAddress address_at(int port) {
  return {.host = "127.0.0.1", .port = port, .unix_path = {}};
}

/// A master with a replica and a Sentinel, which wants a password of its own; shared by the tests, of which
/// the last one changes who is the master.
class RedisSentinelTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!RedisServer::available()) return;
    const std::vector<std::string> guarded = {"requirepass right", "masterauth right"};
    first_ = std::make_unique<RedisServer>(guarded);
    auto follower = guarded;
    follower.push_back("replicaof 127.0.0.1 " + std::to_string(first_->port()));
    second_ = std::make_unique<RedisServer>(follower);
    sentinel_ = std::make_unique<RedisServer>(
        std::vector<std::string>{"sentinel monitor main 127.0.0.1 " + std::to_string(first_->port()) + " 1",
                                 "sentinel auth-pass main right",
                                 "sentinel down-after-milliseconds main 1000",
                                 "sentinel failover-timeout main 2000", "requirepass watchword"},
        true);
  }
  static void TearDownTestSuite() {
    sentinel_.reset();
    second_.reset();
    first_.reset();
  }
  void SetUp() override {
    if (!sentinel_) GTEST_SKIP() << "there is no redis-server";
  }

  static ShardOptions options() {
    ShardOptions options;
    options.mode = Mode::sentinel;
    options.addresses = {address_at(testing::free_port()), address_at(sentinel_->port())};
    options.master_name = "main";
    options.login.password = "right";
    options.sentinel_login.password = "watchword";
    return options;
  }

  static bool knows_replica() {
    const std::string replicas = sentinel_->call({"SENTINEL", "REPLICAS", "main"});
    return replicas.find("role-reported\r\n$5\r\nslave") != std::string::npos &&
           replicas.find("master-link-status\r\n$2\r\nok") != std::string::npos;
  }

  static inline std::unique_ptr<RedisServer> first_;
  static inline std::unique_ptr<RedisServer> second_;
  static inline std::unique_ptr<RedisServer> sentinel_;
};

TEST_F(RedisSentinelTest, ReplicasAnswerReads) {
  ShardOptions reads = options();
  reads.read_from_replicas = true;
  RedisCaller caller(reads);
  ASSERT_TRUE(caller.run_until([&] { return knows_replica(); }));
  EXPECT_EQ(caller.call({"SET", "k", "1"}), "OK");
  const Way read{.key = {}, .repeatable = true, .replica = true};
  ASSERT_TRUE(caller.run_until([&] {
    (void)caller.call({"STRLEN", "k"}, read);
    return second_->call({"INFO", "commandstats"}).find("cmdstat_strlen") != std::string::npos;
  }));
  const Script length("return redis.call('strlen', KEYS[1])");
  EXPECT_EQ(caller.eval(length, "k", {}, read), "1");
}

TEST_F(RedisSentinelTest, WhatIsWrongIsSaidOfEachSentinel) {
  ShardOptions wrong = options();
  wrong.sentinel_login.password = "guess";
  RedisCaller stranger(wrong);
  stranger.run_until([&] { return !stranger.trouble().empty(); });
  EXPECT_THAT(stranger.trouble(), HasSubstr("no Sentinel knows where the master of main is"));
  EXPECT_THAT(stranger.trouble(), HasSubstr(sentinel_->address() + " (authentication failed"));

  ShardOptions unknown = options();
  unknown.master_name = "other";
  RedisCaller lost(unknown);
  lost.run_until([&] { return !lost.trouble().empty(); });
  EXPECT_THAT(lost.trouble(), HasSubstr("knows no master of the name other"));
}

TEST_F(RedisSentinelTest, TheMasterIsFoundBeforeAndAfterAFailover) {
  RedisCaller caller(options());
  EXPECT_EQ(caller.call({"SET", "k", "1"}), "OK");
  ASSERT_TRUE(caller.run_until([&] { return knows_replica(); }));
  ASSERT_EQ(sentinel_->call({"SENTINEL", "FAILOVER", "main"}), "+OK\r\n");
  // Between these moments both take writes, and those to the first are lost.
  ASSERT_TRUE(caller.run_until([&] { return second_->call({"ROLE"}).find("master") != std::string::npos; }));
  ASSERT_TRUE(caller.run_until([&] { return first_->call({"ROLE"}).find("slave") != std::string::npos; }));
  EXPECT_EQ(caller.call({"SET", "k", "2"}, {.key = {}, .repeatable = true}), "OK");
  EXPECT_EQ(second_->call({"GET", "k"}), "$1\r\n2\r\n");
}

/// A server that speaks TLS only, and wants a certificate of its clients.
TEST(RedisTlsTest, BothSidesShowTheirCertificates) {
  if (!RedisServer::available()) GTEST_SKIP() << "there is no redis-server";
  const testing::TlsIdentity identity;
  char directory[] = "/tmp/whirl-tls-XXXXXX";
  ASSERT_TRUE(::mkdtemp(directory));
  const std::string certificate = std::string(directory) + "/cert.pem";
  const std::string key = std::string(directory) + "/key.pem";
  std::ofstream(certificate) << identity.certificate;
  std::ofstream(key) << identity.key;
  const int port = testing::free_port();
  const RedisServer server({"tls-port " + std::to_string(port), "tls-cert-file " + certificate,
                            "tls-key-file " + key, "tls-ca-cert-file " + certificate});

  ShardOptions options;
  options.addresses = {{.host = "localhost", .port = port, .unix_path = {}}};
  net::TlsClientOptions tls;
  tls.ca = identity.certificate;
  tls.certificate = identity.certificate;
  tls.key = identity.key;
  options.login.tls = net::TlsContext::client(tls).value();
  RedisCaller caller(options);
  EXPECT_EQ(caller.call({"SET", "k", std::string(100'000, 'x')}), "OK");
  EXPECT_EQ(caller.call({"STRLEN", "k"}), "100000");

  net::TlsClientOptions without_authority = tls;
  without_authority.ca.clear();
  options.login.tls = net::TlsContext::client(without_authority).value();
  RedisCaller distrustful(options);
  distrustful.run_until([&] { return !distrustful.trouble().empty(); });
  EXPECT_THAT(distrustful.trouble(), HasSubstr("certificate"));

  net::TlsClientOptions without_certificate = tls;
  without_certificate.certificate.clear();
  without_certificate.key.clear();
  options.login.tls = net::TlsContext::client(without_certificate).value();
  RedisCaller nameless(options);
  nameless.run_until([&] { return !nameless.trouble().empty(); });
  EXPECT_FALSE(nameless.up());
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
}

}  // namespace
}  // namespace whirl::driver::redis
