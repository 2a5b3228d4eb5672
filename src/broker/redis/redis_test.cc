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
using ::testing::HasSubstr;
using testing::RedisCluster;
using testing::RedisServer;
using namespace std::string_literals;

constexpr std::int64_t kPatienceMs = 20'000;

/// The engine over real servers, on the machine's clock.
class RedisEngine final : public testing::EngineUnderTest {
 public:
  explicit RedisEngine(Options options, bool waits = true) : options_(std::move(options)), waits_(waits) {
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
  bool is_worth_waiting_for() const override { return waits_; }
  bool has_streams() const override { return !options_.history_use_lists; }
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
  const bool waits_;
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
RedisServer& sentinel() {
  static RedisServer one({"sentinel monitor main 127.0.0.1 " + std::to_string(server().port()) + " 1"}, true);
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
  Options options = at_address({"unix://" + server().unix_path() + "?force_resp2=true"});
  options.presence_user_mapping = true;
  options.history_use_lists = true;
  options.prefix = "other";
  return std::make_unique<RedisEngine>(std::move(options));
}
std::unique_ptr<testing::EngineUnderTest> two_shards() {
  return std::make_unique<RedisEngine>(
      at_address({"redis://" + server().address() + "/3", "redis://:secret@" + second_server().address()}),
      false);
}
/// Debian's Redis does not know HEXPIRE, which presence_hash_field_ttl needs; a module teaches it.
std::unique_ptr<testing::EngineUnderTest> with_field_ttl() {
  static RedisServer one({"loadmodule " WHIRL_REDIS_HEXPIRE});
  Options options = at_address({one.address()});
  options.presence_hash_field_ttl = true;
  options.presence_user_mapping = true;
  return std::make_unique<RedisEngine>(std::move(options));
}
std::unique_ptr<testing::EngineUnderTest> by_sentinel() {
  return std::make_unique<RedisEngine>(
      at_address({"redis+sentinel://" + sentinel().address() + "?sentinel_master_name=main"}), false);
}
std::unique_ptr<testing::EngineUnderTest> in_cluster() {
  config::Redis section;
  section.cluster_address = {cluster().node(0).address() + "," + cluster().node(1).address()};
  return std::make_unique<RedisEngine>(options_for(section));
}

std::unique_ptr<testing::EngineUnderTest> in_partitions() {
  config::Redis section;
  section.cluster_address = {cluster().node(2).address()};
  Options options = options_for(section);
  options.sharded_pub_sub_partitions = 4;
  return std::make_unique<RedisEngine>(std::move(options), false);
}

std::vector<EngineCase> engines() {
  if (!RedisServer::available()) return {};
  return {{"standalone", standalone},
          {"unix_socket_and_lists_by_version_2", unix_socket},
          {"two_shards", two_shards},
          {"sentinel", by_sentinel},
          {"presence_by_field_ttl", with_field_ttl},
          {"cluster", in_cluster},
          {"cluster_with_sharded_pub_sub", in_partitions}};
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BrokerSuite);
INSTANTIATE_TEST_SUITE_P(Redis, BrokerSuite, ::testing::ValuesIn(engines()), testing::engine_name);

/// What a node of Centrifugo leaves in Redis and reads there: the layout test of a mixed cluster.
class RedisLayoutTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kPublication =
      "\x22\x02{}\x2a\x06\x0a\x01u\x12\x01"
      "c";  // data, info

  void SetUp() override {
    if (!RedisServer::available()) GTEST_SKIP() << "there is no redis-server";
    server().call({"FLUSHALL"});
    engine_ = std::make_unique<RedisEngine>(at_address({server().address()}));
    engine_->broker().start(sink_);
    engine_->controller().start(sink_);
    ASSERT_TRUE(engine_->run_until([&] { return engine_->health().troubles().empty(); }));
  }

  template <class T = void, class Call>
  Result<T> wait(const Call& call) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    call(Done<T>([answer](Result<T> result) { *answer = std::move(result); }));
    if (!engine_->run_until([&] { return answer->has_value(); })) return fail("no answer");
    return std::move(**answer);
  }
  Result<PublishResult> publish(std::string_view channel, PublishOptions options) {
    return wait<PublishResult>([&](auto done) {
      engine_->broker().publish(channel, SharedBytes::copy("{}"), std::move(options), std::move(done));
    });
  }
  static std::string call(std::vector<std::string> words) { return server().call(std::move(words)); }
  static int seconds_left(const std::string& key) { return std::atoi(call({"TTL", key}).c_str() + 1); }

  testing::RecordingSink sink_;
  std::unique_ptr<RedisEngine> engine_;
};

TEST_F(RedisLayoutTest, StreamsOfOthersAreReadAndContinued) {
  call({"XADD", "centrifugo.stream.news", "MAXLEN", "10", "7", "d", std::string(kPublication)});
  call({"HSET", "centrifugo.stream.meta.news", "e", "epoc", "s", "7"});
  auto history = wait<HistoryResult>(
      [&](auto done) { engine_->broker().history("news", {.limit = -1}, std::move(done)); });
  ASSERT_TRUE(history);
  EXPECT_EQ(history->top, (StreamPosition{7, "epoc"}));
  ASSERT_EQ(history->publications.size(), 1u);
  EXPECT_EQ(history->publications[0]->offset, 7u);
  EXPECT_EQ(history->publications[0]->data.view(), "{}");
  EXPECT_EQ(history->publications[0]->info->user, "u");

  auto result = publish("news", {.history_size = 10,
                                 .history_ttl_ms = 30'000,
                                 .history_meta_ttl_ms = 90'000,
                                 .idempotency_key = "key",
                                 .idempotent_result_ttl_ms = 60'000,
                                 .version = 3,
                                 .version_epoch = "ve"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->position, (StreamPosition{8, "epoc"}));
  EXPECT_THAT(call({"XRANGE", "centrifugo.stream.news", "8", "8"}),
              HasSubstr("$3\r\n8-0\r\n*2\r\n$1\r\nd\r\n"));
  EXPECT_EQ(call({"HMGET", "centrifugo.stream.meta.news", "e", "s", "v", "ve"}),
            "*4\r\n$4\r\nepoc\r\n$1\r\n8\r\n$1\r\n3\r\n$2\r\nve\r\n");
  EXPECT_EQ(call({"HMGET", "centrifugo.result.news.key", "e", "s"}), "*2\r\n$4\r\nepoc\r\n$1\r\n8\r\n");
  EXPECT_NEAR(seconds_left("centrifugo.stream.news"), 30, 1);
  EXPECT_NEAR(seconds_left("centrifugo.stream.meta.news"), 90, 1);
  EXPECT_NEAR(seconds_left("centrifugo.result.news.key"), 60, 1);
}

TEST_F(RedisLayoutTest, MessagesOfOthersAreHeard) {
  ASSERT_TRUE(wait<>([&](auto done) { engine_->broker().subscribe("news", std::move(done)); }));
  const std::string publication(kPublication);
  const std::string info =
      "\x0a\x01u\x12\x01"
      "c"s;
  call({"PUBLISH", "centrifugo.client.news", publication});
  call({"PUBLISH", "centrifugo.client.news", "__p1:4:epoc__" + publication});
  call({"PUBLISH", "centrifugo.client.news", "__d1:5:epoc:12:" + publication + ":12:" + publication});
  call({"PUBLISH", "centrifugo.client.news", "__j__" + info});
  call({"PUBLISH", "centrifugo.client.news", "__l__" + info});
  ASSERT_TRUE(engine_->run_until([&] { return sink_.leaves.size() == 1; }));
  ASSERT_EQ(sink_.publications.size(), 3u);
  EXPECT_EQ(sink_.publications[0].publication->offset, 0u);
  EXPECT_EQ(sink_.publications[1].publication->offset, 4u);
  EXPECT_EQ(sink_.publications[1].epoch, "epoc");
  EXPECT_EQ(sink_.publications[2].previous->offset, 4u);
  EXPECT_EQ(sink_.joins.at(0).info->client, "c");

  call({"PUBLISH", "centrifugo.control", "for all"});
  call({"PUBLISH", "centrifugo.node.node-1", "for this one"});
  ASSERT_TRUE(engine_->run_until([&] { return sink_.controls.size() == 2; }));
}

TEST_F(RedisLayoutTest, PresenceOfOthersIsSeenAndOursByThem) {
  const std::string info =
      "\x0a\x01u\x12\x01"
      "c"s;
  const std::string later = std::to_string(unix_seconds() + 60);
  call({"HSET", "centrifugo.presence.data.room", "c", info, "gone", info});
  call({"ZADD", "centrifugo.presence.expire.room", later, "c", "1", "gone"});
  auto add = [&](auto done) {
    engine_->presence().add("room", std::make_shared<ClientInfo>(ClientInfo{.client = "d", .user = "u"}),
                            std::move(done));
  };
  ASSERT_TRUE(wait<>(add));
  auto all = wait<PresenceMap>([&](auto done) { engine_->presence().presence("room", std::move(done)); });
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 2u) << "what has expired is dropped";
  EXPECT_EQ(call({"HGET", "centrifugo.presence.data.room", "d"}),
            "$6\r\n\x0a\x01u\x12\x01"
            "d\r\n");
  EXPECT_EQ(call({"ZCARD", "centrifugo.presence.expire.room"}), ":2\r\n");
  EXPECT_EQ(call({"HGET", "centrifugo.presence.data.room", "gone"}), "$-1\r\n");
}

TEST_F(RedisLayoutTest, ListsOfOthersAreRead) {
  Options lists = at_address({server().address()});
  lists.history_use_lists = true;
  RedisEngine engine(lists);
  engine_ = nullptr;
  engine.broker().start(sink_);
  const std::string publication(kPublication);
  call({"LPUSH", "centrifugo.list.news", "__p1:1:epoc__" + publication, "__p1:2:epoc__" + publication});
  call({"HSET", "centrifugo.list.meta.news", "e", "epoc", "s", "2"});
  std::optional<Result<HistoryResult>> history;
  engine.broker().history("news", {.has_since = true, .since = {1, "epoc"}, .limit = -1},
                          [&](Result<HistoryResult> result) { history = std::move(result); });
  ASSERT_TRUE(engine.run_until([&] { return history.has_value(); }));
  ASSERT_TRUE(*history);
  ASSERT_EQ((*history)->publications.size(), 1u);
  EXPECT_EQ((*history)->publications[0]->offset, 2u);
}

// Debian's Redis is older than fields of hashes that expire; that it says so is what can be tried here.
TEST_F(RedisLayoutTest, AServerThatIsTooOldForFieldsThatExpireIsSaidToBe) {
  Options options = at_address({server().address()});
  options.presence_hash_field_ttl = true;
  RedisEngine engine(options);
  std::optional<Result<>> added;
  engine.presence().add("room", std::make_shared<ClientInfo>(ClientInfo{.client = "d", .user = "u"}),
                        [&](Result<> result) { added = std::move(result); });
  ASSERT_TRUE(engine.run_until([&] { return added.has_value(); }));
  if (*added) GTEST_SKIP() << "this one is new enough";
  EXPECT_THAT(added->error().message, HasSubstr("too old"));
}

}  // namespace
}  // namespace whirl::broker::redis
