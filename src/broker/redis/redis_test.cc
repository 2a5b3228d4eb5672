#include <gmock/gmock.h>

#include "broker/redis/redis.h"
#include "config/sections/redis.h"
#include "metrics/loop_metrics.h"
#include "net/loop.h"
#include "testing/broker_suite.h"
#include "testing/redis_server.h"

namespace whirl::broker::redis {
namespace {

using testing::BrokerSuite;
using testing::EngineCase;
using testing::RedisCluster;
using testing::RedisServer;

constexpr std::int64_t kPatienceMs = 20'000;

/// The engine over real servers, on the machine's clock.
class RedisEngine final : public testing::EngineUnderTest {
 public:
  explicit RedisEngine(Options options) : options_(std::move(options)) {
    options_.presence_ttl_ms = 3000;
    shards_ = make_shards(loop_, options_);
    broker_ = make_broker(shards_, options_, health_, metrics_.broker);
    presence_ = make_presence(shards_, options_, health_);
    controller_ = make_controller(shards_, options_, "node-1", health_, metrics_.broker);
  }

  Broker& broker() override { return *broker_; }
  PresenceStore& presence() override { return *presence_; }
  Controller& controller() override { return *controller_; }
  std::string node_uid() const override { return "node-1"; }
  std::int64_t presence_ttl_ms() const override { return options_.presence_ttl_ms; }
  void on_loop(const std::function<void()>& call) override {
    call();
    run_until([this] { return health_.troubles().empty(); });
  }
  bool run_until(const std::function<bool()>& condition) override {
    const std::int64_t end = monotonic_ms() + kPatienceMs;
    while (!condition() && monotonic_ms() < end) loop_.turn(10);
    return condition();
  }
  void pass(std::int64_t ms) override {
    const std::int64_t end = monotonic_ms() + ms;
    while (monotonic_ms() < end) loop_.turn(static_cast<int>(end - monotonic_ms()));
  }

  Health& health() { return health_; }

 private:
  Options options_;
  Health health_;
  metrics::LoopMetrics metrics_;
  net::Loop loop_;
  ShardsPtr shards_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<PresenceStore> presence_;
  std::unique_ptr<Controller> controller_;
};

Options options_for(const config::Redis& section) {
  Options options;
  options.shards = driver::redis::shards_of(section, "engine.redis").value();
  options.history_meta_ttl_ms = 3'600'000;
  return options;
}

Options at_address(const std::vector<std::string>& addresses) {
  config::Redis section;
  section.address = addresses;
  return options_for(section);
}

/// Servers are started once for all tests that use them.
RedisServer& server() {
  static RedisServer one;
  return one;
}
RedisServer& second_server() {
  static RedisServer one({"requirepass secret"});
  return one;
}
RedisCluster& cluster() {
  static RedisCluster one;
  return one;
}

std::unique_ptr<testing::EngineUnderTest> standalone() {
  return std::make_unique<RedisEngine>(at_address({server().address()}));
}
std::unique_ptr<testing::EngineUnderTest> unix_socket() {
  Options options = at_address({"unix://" + server().unix_path()});
  options.presence_user_mapping = true;
  options.prefix = "other";
  return std::make_unique<RedisEngine>(std::move(options));
}
std::unique_ptr<testing::EngineUnderTest> two_shards() {
  return std::make_unique<RedisEngine>(
      at_address({"redis://" + server().address() + "/3", "redis://:secret@" + second_server().address()}));
}
std::unique_ptr<testing::EngineUnderTest> in_cluster() {
  config::Redis section;
  section.cluster_address = {cluster().node(0).address() + "," + cluster().node(1).address()};
  return std::make_unique<RedisEngine>(options_for(section));
}

std::vector<EngineCase> engines() {
  if (!RedisServer::available()) return {};
  return {{"standalone", standalone},
          {"unix_socket", unix_socket},
          {"two_shards", two_shards},
          {"cluster", in_cluster}};
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BrokerSuite);
INSTANTIATE_TEST_SUITE_P(Redis, BrokerSuite, ::testing::ValuesIn(engines()), testing::engine_name);

}  // namespace
}  // namespace whirl::broker::redis
