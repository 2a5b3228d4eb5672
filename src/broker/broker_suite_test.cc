#include "testing/broker_suite.h"

#include <gmock/gmock.h>

namespace whirl::testing {
namespace {

using broker::HistoryQuery;
using broker::PublishOptions;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(BrokerSuite, SubscribersGetPublicationsInTheirOrder) {
  subscribe(channel_);
  for (int i = 0; i < 50; ++i) publish(channel_, std::to_string(i), kept());
  ASSERT_TRUE(arrived(50));
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(sink_.publications[i].channel, channel_);
    EXPECT_EQ(sink_.publications[i].publication->data.view(), std::to_string(i));
    EXPECT_EQ(sink_.publications[i].publication->offset, engine_->keeps_history() ? i + 1 : 0);
    EXPECT_GT(sink_.publications[i].publication->time_ms, 0);
  }
}

TEST_P(BrokerSuite, APublicationCarriesItsPublisherAndTags) {
  subscribe(channel_);
  PublishOptions options = kept();
  options.info = std::make_shared<broker::ClientInfo>(broker::ClientInfo{
      .client = "c1", .user = "ann", .conn_info = R"({"a":1})", .chan_info = R"({"b":2})"});
  options.tags = {{"color", "red"}, {"size", "10"}};
  publish(channel_, "{}", options);
  ASSERT_TRUE(arrived(1));
  std::vector<broker::PublicationPtr> seen = {sink_.publications[0].publication};
  if (engine_->keeps_history()) seen.push_back(history(channel_).publications.at(0));
  for (const auto& p : seen) {
    ASSERT_TRUE(p->info);
    EXPECT_EQ(p->info->client, "c1");
    EXPECT_EQ(p->info->user, "ann");
    EXPECT_EQ(p->info->conn_info, R"({"a":1})");
    EXPECT_EQ(p->info->chan_info, R"({"b":2})");
    EXPECT_THAT(p->tags, ::testing::UnorderedElementsAre(::testing::Pair("color", "red"),
                                                         ::testing::Pair("size", "10")));
  }
}

TEST_P(BrokerSuite, WithoutHistoryAPublicationHasNoPosition) {
  subscribe(channel_);
  auto result = publish(channel_, "x");
  EXPECT_EQ(result.position, broker::StreamPosition{});
  ASSERT_TRUE(arrived(1));
  EXPECT_EQ(sink_.publications[0].publication->offset, 0u);
  EXPECT_EQ(sink_.publications[0].epoch, "");
  if (engine_->keeps_history()) {
    EXPECT_THAT(read(channel_), IsEmpty());
  }
}

TEST_P(BrokerSuite, PositionsGrowByOneWithinAnEpoch) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  subscribe(channel_);
  auto first = publish(channel_, "1", kept());
  auto second = publish(channel_, "2", kept());
  EXPECT_EQ(first.position.offset, 1u);
  EXPECT_EQ(second.position.offset, 2u);
  EXPECT_NE(first.position.epoch, "");
  EXPECT_EQ(first.position.epoch, second.position.epoch);
  ASSERT_TRUE(arrived(2));
  EXPECT_EQ(sink_.publications[1].epoch, first.position.epoch);
  EXPECT_EQ(history(channel_).top, second.position);
}

TEST_P(BrokerSuite, ReadingAnUnknownStreamMakesIt) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  auto top = history(channel_, {.limit = 0}).top;
  EXPECT_EQ(top.offset, 0u);
  EXPECT_NE(top.epoch, "");
  EXPECT_EQ(publish(channel_, "1", kept()).position, (broker::StreamPosition{1, top.epoch}));
}

TEST_P(BrokerSuite, HistoryIsReadInPartsAndBothDirections) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  for (int i = 1; i <= 5; ++i) publish(channel_, std::to_string(i), kept());
  std::string epoch = history(channel_, {.limit = 0}).top.epoch;
  auto since = [&](std::uint64_t offset, int limit, bool reverse = false) {
    return read(channel_, {.has_since = true, .since = {offset, epoch}, .limit = limit, .reverse = reverse});
  };
  EXPECT_THAT(read(channel_, {.limit = 0}), IsEmpty());
  EXPECT_THAT(read(channel_, {.limit = -1}), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_THAT(read(channel_, {.limit = 2}), ElementsAre("1", "2"));
  EXPECT_THAT(since(2, -1), ElementsAre("3", "4", "5"));
  EXPECT_THAT(since(2, 1), ElementsAre("3"));
  EXPECT_THAT(since(0, 2), ElementsAre("1", "2"));
  EXPECT_THAT(since(5, -1), IsEmpty());
  EXPECT_THAT(since(9, -1), IsEmpty());
  if (!engine_->has_streams()) return;
  EXPECT_THAT(read(channel_, {.limit = 2, .reverse = true}), ElementsAre("5", "4"));
  EXPECT_THAT(since(3, -1, true), ElementsAre("2", "1"));
  EXPECT_THAT(since(3, 1, true), ElementsAre("2"));
  EXPECT_THAT(since(1, -1, true), IsEmpty());
  EXPECT_THAT(since(9, -1, true), IsEmpty()) << "nobody knows what will be before it";
}

TEST_P(BrokerSuite, OnlySoManyPublicationsAreKept) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  for (int i = 1; i <= 100; ++i) publish(channel_, std::to_string(i), kept(3));
  EXPECT_THAT(read(channel_), ElementsAre("98", "99", "100"));
  auto result = history(channel_, {.has_since = true, .since = {50, ""}, .limit = -1});
  EXPECT_THAT(result.publications, SizeIs(3)) << "a place that fell out reads from the oldest";
  EXPECT_EQ(result.top.offset, 100u);
}

// In one test, so that engines on the machine's clock wait only once.
TEST_P(BrokerSuite, WhatIsKeptForATimeEnds) {
  if (!engine_->keeps_history() || !engine_->is_worth_waiting_for()) GTEST_SKIP();
  const std::string forgotten = channel_ + "-forgotten";
  const std::string once = channel_ + "-once";
  subscribe(once);
  auto before = publish(channel_, "1", kept(10, 1000));
  PublishOptions with_meta = kept(10, 1000);
  with_meta.history_meta_ttl_ms = 1000;
  auto first_life = publish(forgotten, "1", with_meta);
  const PublishOptions with_key{.idempotency_key = "k", .idempotent_result_ttl_ms = 1000};
  EXPECT_FALSE(publish(once, "1", with_key).suppressed);
  EXPECT_TRUE(publish(once, "1", with_key).suppressed);
  EXPECT_FALSE(publish(once + "-other", "1", with_key).suppressed) << "a key belongs to its channel";

  engine_->pass(1500);

  auto result = history(channel_);
  EXPECT_THAT(result.publications, IsEmpty());
  EXPECT_EQ(result.top, before.position) << "publications expire, the position stays";
  EXPECT_EQ(publish(channel_, "2", kept()).position.offset, 2u);
  auto second_life = history(forgotten, {.limit = 0}).top;
  EXPECT_EQ(second_life.offset, 0u) << "its meta data expired too";
  EXPECT_NE(second_life.epoch, first_life.position.epoch);
  EXPECT_FALSE(publish(once, "1", with_key).suppressed) << "a key works for its time only";
}

TEST_P(BrokerSuite, RemovedHistoryKeepsThePosition) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  auto before = publish(channel_, "1", kept());
  ASSERT_TRUE(wait<>([&](auto done) { broker().remove_history(channel_, std::move(done)); }));
  auto result = history(channel_);
  EXPECT_THAT(result.publications, IsEmpty());
  EXPECT_EQ(result.top, before.position);
  ASSERT_TRUE(wait<>([&](auto done) { broker().remove_history(channel_ + "-unknown", std::move(done)); }));
}

TEST_P(BrokerSuite, ARepeatByKeyIsSuppressedAndGetsTheFirstResult) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  subscribe(channel_);
  PublishOptions options = kept();
  options.idempotency_key = "k";
  auto first = publish(channel_, "1", options);
  publish(channel_, "between", kept());
  auto repeat = publish(channel_, "1 again", options);
  EXPECT_FALSE(first.suppressed);
  EXPECT_TRUE(repeat.suppressed);
  EXPECT_EQ(repeat.position, first.position);
  publish(channel_, "last", kept());
  ASSERT_TRUE(arrived(3));
  EXPECT_THAT(read(channel_), ElementsAre("1", "between", "last"));
  EXPECT_THAT(sink_.publications, SizeIs(3));
}

TEST_P(BrokerSuite, OldVersionsAreSuppressed) {
  if (!engine_->keeps_history() || !engine_->has_streams()) GTEST_SKIP();
  auto versioned = [](std::uint64_t version, std::string epoch = "") {
    PublishOptions options = kept();
    options.version = version;
    options.version_epoch = std::move(epoch);
    return options;
  };
  EXPECT_FALSE(publish(channel_, "a", versioned(5)).suppressed);
  EXPECT_TRUE(publish(channel_, "b", versioned(5)).suppressed);
  auto old = publish(channel_, "c", versioned(4));
  EXPECT_TRUE(old.suppressed);
  EXPECT_EQ(old.position.offset, 1u) << "the top of the stream";
  EXPECT_FALSE(publish(channel_, "d", versioned(6)).suppressed);
  EXPECT_FALSE(publish(channel_, "e", versioned(1, "other")).suppressed) << "another epoch of versions";
  EXPECT_TRUE(publish(channel_, "f", versioned(1, "other")).suppressed);
  EXPECT_TRUE(publish(channel_, "g", versioned(1)).suppressed) << "no epoch named: versions compare";
  EXPECT_FALSE(publish(channel_, "h", kept()).suppressed) << "no version at all";
  EXPECT_THAT(read(channel_), ElementsAre("a", "d", "e", "h"));
}

TEST_P(BrokerSuite, VersionsNeedHistory) {
  EXPECT_FALSE(publish(channel_, "a", {.version = 5}).suppressed);
  EXPECT_FALSE(publish(channel_, "b", {.version = 4}).suppressed);
}

TEST_P(BrokerSuite, ThePreviousPublicationComesWithADelta) {
  if (!engine_->keeps_history()) GTEST_SKIP();
  subscribe(channel_);
  PublishOptions delta = kept();
  delta.use_delta = true;
  publish(channel_, "1", delta);
  publish(channel_, "2", delta);
  publish(channel_, "3", kept());
  publish(channel_, "4", {.use_delta = true});
  ASSERT_TRUE(arrived(4));
  EXPECT_FALSE(sink_.publications[0].previous);
  ASSERT_TRUE(sink_.publications[1].previous);
  EXPECT_EQ(sink_.publications[1].previous->data.view(), "1");
  EXPECT_FALSE(sink_.publications[2].previous) << "the publisher did not ask";
  EXPECT_FALSE(sink_.publications[3].previous) << "nothing is stored, so there is nothing before";
}

TEST_P(BrokerSuite, JoinsAndLeavesArrive) {
  subscribe(channel_);
  ASSERT_TRUE(
      wait<>([&](auto done) { broker().publish_join(channel_, client("c1", "ann"), std::move(done)); }));
  ASSERT_TRUE(
      wait<>([&](auto done) { broker().publish_leave(channel_, client("c2", "bob"), std::move(done)); }));
  ASSERT_TRUE(engine_->run_until([&] { return sink_.joins.size() == 1 && sink_.leaves.size() == 1; }));
  EXPECT_EQ(sink_.joins[0].channel, channel_);
  EXPECT_EQ(sink_.joins[0].info->client, "c1");
  EXPECT_EQ(sink_.leaves[0].info->user, "bob");
}

TEST_P(BrokerSuite, SubscribingAgainAfterUnsubscribingWorks) {
  subscribe(channel_);
  ASSERT_TRUE(wait<>([&](auto done) { broker().unsubscribe(channel_, std::move(done)); }));
  subscribe(channel_);
  publish(channel_, "1");
  EXPECT_TRUE(arrived(1));
}

TEST_P(BrokerSuite, PresenceListsWhoIsThere) {
  auto add = [&](std::string id, std::string user) {
    ASSERT_TRUE(wait<>([&](auto done) { presence().add(channel_, client(id, user), std::move(done)); }));
  };
  add("c1", "ann");
  add("c2", "ann");
  add("c3", "bob");
  add("c3", "bob");
  auto all = wait<broker::PresenceMap>([&](auto done) { presence().presence(channel_, std::move(done)); });
  ASSERT_TRUE(all);
  std::vector<std::string> who;
  for (const auto& [id, info] : *all) who.push_back(id + "=" + info->user);
  EXPECT_THAT(who, ::testing::UnorderedElementsAre("c1=ann", "c2=ann", "c3=bob"));
  auto stats = wait<broker::PresenceStats>([&](auto done) { presence().stats(channel_, std::move(done)); });
  EXPECT_EQ(stats->clients, 3u);
  EXPECT_EQ(stats->users, 2u);
}

TEST_P(BrokerSuite, PresenceEndsByRemovalOrByTime) {
  if (!engine_->is_worth_waiting_for()) GTEST_SKIP();
  auto stats = [&] {
    return wait<broker::PresenceStats>([&](auto done) { presence().stats(channel_, std::move(done)); })
        ->clients;
  };
  for (const char* id : {"c1", "c2", "c3"}) {
    ASSERT_TRUE(wait<>([&](auto done) { presence().add(channel_, client(id, "ann"), std::move(done)); }));
  }
  ASSERT_TRUE(wait<>([&](auto done) { presence().remove(channel_, "c1", "ann", std::move(done)); }));
  ASSERT_TRUE(wait<>([&](auto done) { presence().remove(channel_, "unknown", "ann", std::move(done)); }));
  EXPECT_EQ(stats(), 2u);
  engine_->pass(engine_->presence_ttl_ms() * 2 / 3);
  ASSERT_TRUE(wait<>([&](auto done) { presence().add(channel_, client("c2", "ann"), std::move(done)); }));
  engine_->pass(engine_->presence_ttl_ms() * 2 / 3);
  EXPECT_EQ(stats(), 1u) << "c2 was added again, c3 was not";
}

TEST_P(BrokerSuite, ControlMessagesReachTheirNode) {
  auto send = [&](std::string_view message, std::string node) {
    ASSERT_TRUE(wait<>([&](auto done) { engine_->controller().publish(message, node, std::move(done)); }));
  };
  send("for nobody here", "another-node");
  send("for all", "");
  send("for this one", engine_->node_uid());
  ASSERT_TRUE(engine_->run_until([&] { return sink_.controls.size() == 2; }));
  EXPECT_THAT(sink_.controls, ::testing::UnorderedElementsAre("for all", "for this one"));
}

}  // namespace
}  // namespace whirl::testing
