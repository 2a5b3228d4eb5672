#include "broker/by_channel.h"

#include <gmock/gmock.h>

#include "broker/memory/memory.h"
#include "net/loop.h"
#include "testing/broker_suite.h"

namespace whirl::broker {
namespace {

using ::testing::SizeIs;

/// Two memory engines; channels that begin with "b" belong to the second.
class ByChannelTest : public ::testing::Test {
 protected:
  ByChannelTest() {
    auto choice = [](std::string_view channel) { return std::size_t{channel.starts_with("b") ? 1u : 0u}; };
    std::vector<std::unique_ptr<Broker>> brokers;
    std::vector<std::unique_ptr<PresenceStore>> stores;
    for (int i = 0; i < 2; ++i) {
      brokers_.push_back(brokers.emplace_back(make_memory_broker(loop_, {})).get());
      stores_.push_back(stores.emplace_back(make_memory_presence(loop_, {})).get());
    }
    broker_ = make_broker_by_channel(std::move(brokers), choice);
    presence_ = make_presence_by_channel(std::move(stores), choice);
    broker_->start(sink_);
  }

  void publish(std::string_view channel) {
    PublishOptions options;
    options.history_size = 10;
    options.history_ttl_ms = 60'000;
    broker_->publish(channel, SharedBytes::copy("{}"), options, [](Result<PublishResult>) {});
  }
  static std::uint64_t top_of(Broker& broker, std::string_view channel) {
    std::uint64_t top = 0;
    broker.history(channel, {}, [&](Result<HistoryResult> result) { top = result->top.offset; });
    return top;
  }
  static std::uint32_t clients_in(PresenceStore& store, std::string_view channel) {
    std::uint32_t clients = 0;
    store.stats(channel, [&](Result<PresenceStats> stats) { clients = stats->clients; });
    return clients;
  }

  net::Loop loop_;
  testing::RecordingSink sink_;
  std::vector<Broker*> brokers_;
  std::vector<PresenceStore*> stores_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<PresenceStore> presence_;
};

TEST_F(ByChannelTest, PublicationsGoToTheBrokerOfTheirChannel) {
  for (const char* channel : {"a1", "b1"}) broker_->subscribe(channel, [](Result<>) {});
  publish("a1");
  publish("b1");
  publish("b1");
  EXPECT_THAT(sink_.publications, SizeIs(3)) << "whichever broker they come from";
  EXPECT_EQ(top_of(*broker_, "a1"), 1u);
  EXPECT_EQ(top_of(*broker_, "b1"), 2u);
  EXPECT_EQ(top_of(*brokers_[0], "b1"), 0u);
  EXPECT_EQ(top_of(*brokers_[1], "b1"), 2u);
}

TEST_F(ByChannelTest, JoinsAndLeavesToo) {
  auto ann = std::make_shared<const ClientInfo>(ClientInfo{.client = "c1", .user = "ann"});
  broker_->subscribe("b1", [](Result<>) {});
  broker_->publish_join("b1", ann, [](Result<>) {});
  broker_->publish_leave("b1", ann, [](Result<>) {});
  EXPECT_THAT(sink_.joins, SizeIs(1));
  EXPECT_THAT(sink_.leaves, SizeIs(1));
}

TEST_F(ByChannelTest, PresenceIsKeptWhereItBelongs) {
  auto ann = std::make_shared<const ClientInfo>(ClientInfo{.client = "c1", .user = "ann"});
  presence_->add("b1", ann, [](Result<>) {});
  EXPECT_EQ(clients_in(*presence_, "b1"), 1u);
  EXPECT_EQ(clients_in(*stores_[0], "b1"), 0u);
  EXPECT_EQ(clients_in(*stores_[1], "b1"), 1u);
  presence_->remove("b1", "c1", "ann", [](Result<>) {});
  EXPECT_EQ(clients_in(*presence_, "b1"), 0u);
}

}  // namespace
}  // namespace whirl::broker
