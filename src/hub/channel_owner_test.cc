#include <gmock/gmock.h>

#include "hub/channel_owner.h"
#include "testing/hub_fixture.h"

namespace whirl::hub {
namespace {

using ::testing::ElementsAre;
using testing::FakeSubscriber;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::publication;
using ::testing::SizeIs;
using testing::SlowBroker;

/// One loop whose broker answers when the test lets it.
class ChannelOwnerTest : public testing::HubFixture {
 protected:
  ChannelOwnerTest() { restart({}); }

  void restart(Node::Options options) {
    auto engine = testing::memory_engine();
    engine.broker = [this](net::Loop&) {
      auto made = std::make_unique<SlowBroker>();
      broker_ = made.get();
      return made;
    };
    make_node(std::move(engine), std::move(options));
  }

  /// Asks for a subscription; the answer appears in the returned place when the broker has answered.
  std::shared_ptr<std::optional<Result<SubscribeOutcome>>> ask_to_join(FakeSubscriber& subscriber,
                                                                       SubscribeRequest request) {
    auto answer = std::make_shared<std::optional<Result<SubscribeOutcome>>>();
    in_loop([&] {
      node_->local().subscribe(subscriber, std::move(request), [answer](Result<SubscribeOutcome> outcome) {
        answer->emplace(std::move(outcome));
      });
    });
    return answer;
  }
  void confirm(std::size_t index = 0, Result<> result = {}) {
    in_loop([&] {
      auto done = std::move(broker_->subscribes.at(index).second);
      done(std::move(result));
    });
  }
  void answer_read(std::size_t index, Result<broker::HistoryResult> result) {
    in_loop([&] {
      auto done = std::move(broker_->reads.at(index).done);
      done(std::move(result));
    });
  }
  void arrive(std::uint64_t offset, std::string_view epoch = "e", std::string_view channel = "news") {
    in_loop([&] { broker_->sink->on_publication(channel, publication(offset), epoch, false, nullptr); });
  }
  std::vector<std::uint64_t> offsets(const SubscribeOutcome& outcome) {
    std::vector<std::uint64_t> out;
    for (const auto& p : outcome.publications) out.push_back(p->offset);
    return out;
  }
  std::uint32_t present(std::string channel) {
    auto stats =
        ask<broker::PresenceStats>([&](auto done) { node_->presence_stats(channel, std::move(done)); });
    return (*stats)->clients;
  }
  SubscribeRequest with_presence(const FakeSubscriber& subscriber) {
    return {.channel = "news",
            .presence = true,
            .info = std::make_shared<broker::ClientInfo>(
                broker::ClientInfo{.client = subscriber.client_id().text(), .user = subscriber.user()})};
  }

  SlowBroker* broker_ = nullptr;
};

TEST_F(ChannelOwnerTest, NobodyIsSubscribedBeforeTheBrokerConfirmed) {
  FakeSubscriber a;
  FakeSubscriber b("bob");
  auto first = ask_to_join(a, {.channel = "news"});
  auto second = ask_to_join(b, {.channel = "news"});
  EXPECT_THAT(broker_->subscribes, SizeIs(1)) << "the second one waits for the first";
  EXPECT_FALSE(first->has_value());
  confirm();
  ASSERT_TRUE(first->has_value() && second->has_value());
  arrive(0);
  EXPECT_THAT(a.frames, SizeIs(1));
  EXPECT_THAT(b.frames, SizeIs(1));
  unsubscribe((**first)->subscription);
  EXPECT_THAT(broker_->unsubscribes, IsEmpty());
  unsubscribe((**second)->subscription);
  EXPECT_THAT(broker_->unsubscribes, SizeIs(1)) << "the last one lets go";
}

TEST_F(ChannelOwnerTest, AFailureIsToldToAllWhoWaitAndTheNextTriesAgain) {
  FakeSubscriber a;
  FakeSubscriber b("bob");
  auto first = ask_to_join(a, {.channel = "news"});
  auto second = ask_to_join(b, {.channel = "news"});
  confirm(0, fail("no connection"));
  ASSERT_TRUE(first->has_value() && second->has_value());
  EXPECT_EQ((*first)->error().message, "no connection");
  EXPECT_FALSE((**second).has_value());
  EXPECT_EQ(info().num_channels, 0u);

  auto third = ask_to_join(a, {.channel = "news"});
  EXPECT_THAT(broker_->subscribes, SizeIs(2));
  confirm(1);
  ASSERT_TRUE(third->has_value() && third->value());
  unsubscribe((**third)->subscription);
}

TEST_F(ChannelOwnerTest, WhoComesWhileTheBrokerLetsGoIsSubscribedAnew) {
  FakeSubscriber a;
  auto first = ask_to_join(a, {.channel = "news"});
  confirm();
  unsubscribe((**first)->subscription);
  auto second = ask_to_join(a, {.channel = "news"});
  EXPECT_THAT(broker_->subscribes, SizeIs(1)) << "not before the broker has let go";
  in_loop([&] { broker_->unsubscribes.at(0).second({}); });
  EXPECT_THAT(broker_->subscribes, SizeIs(2));
  confirm(1);
  ASSERT_TRUE(second->has_value() && second->value());
  unsubscribe((**second)->subscription);
  in_loop([&] { broker_->unsubscribes.at(1).second(fail("gone anyway")); });
  EXPECT_EQ(info().num_channels, 0u);
}

TEST_F(ChannelOwnerTest, PublicationsThatOvertakeTheHistoryAreNotMissed) {
  FakeSubscriber a;
  auto joined = ask_to_join(a, {.channel = "news", .positioned = true, .recover = true, .since = {1, "e"}});
  confirm();
  ASSERT_THAT(broker_->reads, SizeIs(1));
  arrive(3);
  arrive(4);
  answer_read(0, broker::HistoryResult{.publications = {publication(2), publication(3)}, .top = {3, "e"}});
  ASSERT_TRUE(joined->has_value() && joined->value());
  EXPECT_TRUE((**joined)->recovered);
  EXPECT_THAT(offsets(***joined), ElementsAre(2, 3, 4));
  arrive(4);
  arrive(5);
  EXPECT_THAT(a.frames, ElementsAre(HasSubstr("\"offset\":5"))) << "what it has is not repeated";
  unsubscribe((**joined)->subscription);
}

TEST_F(ChannelOwnerTest, AHoleMeansNotRecovered) {
  FakeSubscriber a;
  auto joined = ask_to_join(a, {.channel = "news", .positioned = true, .recover = true, .since = {1, "e"}});
  confirm();
  arrive(5);
  answer_read(0, broker::HistoryResult{.publications = {publication(2)}, .top = {2, "e"}});
  EXPECT_FALSE((**joined)->recovered);
  EXPECT_THAT((**joined)->publications, IsEmpty());
  EXPECT_EQ((**joined)->position.offset, 5u);
  arrive(6);
  EXPECT_THAT(a.frames, SizeIs(1));
  unsubscribe((**joined)->subscription);
}

TEST_F(ChannelOwnerTest, AFailedReadUndoesEverything) {
  FakeSubscriber a;
  auto request = with_presence(a);
  request.positioned = true;
  auto joined = ask_to_join(a, std::move(request));
  confirm();
  EXPECT_EQ(present("news"), 1u);
  answer_read(0, fail("timeout"));
  EXPECT_FALSE((**joined).has_value());
  EXPECT_EQ(present("news"), 0u);
  EXPECT_THAT(broker_->unsubscribes, SizeIs(1));
}

TEST_F(ChannelOwnerTest, AGapOrAnotherEpochIsInsufficient) {
  FakeSubscriber a;
  FakeSubscriber b("bob");
  auto first = ask_to_join(a, {.channel = "news", .positioned = true});
  confirm();
  answer_read(0, broker::HistoryResult{.publications = {}, .top = {3, "e"}});
  arrive(5);
  arrive(6);
  EXPECT_THAT(a.insufficient, ElementsAre("news")) << "told once";
  EXPECT_THAT(a.frames, IsEmpty());

  auto second = ask_to_join(b, {.channel = "news", .positioned = true});
  answer_read(1, broker::HistoryResult{.publications = {}, .top = {6, "e"}});
  arrive(7, "other");
  EXPECT_THAT(b.insufficient, SizeIs(1));
  for (auto& joined : {first, second}) unsubscribe((**joined)->subscription);
}

TEST_F(ChannelOwnerTest, AnUnknownEpochIsLearntFromTheFirstPublication) {
  FakeSubscriber a;
  auto joined = ask_to_join(a, {.channel = "news", .positioned = true});
  confirm();
  answer_read(0, broker::HistoryResult{});
  arrive(1);
  EXPECT_THAT(a.frames, SizeIs(1));
  in_loop([&] { EXPECT_EQ((**joined)->subscription->position(), (broker::StreamPosition{1, "e"})); });
  unsubscribe((**joined)->subscription);
}

TEST_F(ChannelOwnerTest, ALatePublicationIsNotTrusted) {
  restart({.max_time_lag_ms = 1000});
  FakeSubscriber a;
  FakeSubscriber b("bob");
  auto first = ask_to_join(a, {.channel = "news", .positioned = true});
  confirm();
  answer_read(0, broker::HistoryResult{.publications = {}, .top = {0, "e"}});
  auto second = ask_to_join(b, {.channel = "news"});
  auto late = std::make_shared<broker::Publication>(*publication(1));
  late->time_ms = clock_.unix_ms() - 1001;
  in_loop([&] { broker_->sink->on_publication("news", late, "e", false, nullptr); });
  EXPECT_THAT(a.insufficient, SizeIs(1));
  EXPECT_THAT(a.frames, IsEmpty());
  EXPECT_THAT(b.frames, SizeIs(1)) << "it keeps no position";
  for (auto& joined : {first, second}) unsubscribe((**joined)->subscription);
}

TEST_F(ChannelOwnerTest, ASubscriberThatIsGoneLeavesNothingBehind) {
  auto a = std::make_unique<FakeSubscriber>();
  auto joined = ask_to_join(*a, with_presence(*a));
  a.reset();
  confirm();
  ASSERT_TRUE(joined->has_value());
  EXPECT_FALSE((**joined).has_value());
  EXPECT_EQ(present("news"), 0u);
  EXPECT_EQ(info().num_subs, 0u);
  EXPECT_THAT(broker_->unsubscribes, SizeIs(1));
}

TEST_F(ChannelOwnerTest, SubscribersMayEndWhileTheyAreToldThatTheyLostTheirPlace) {
  std::vector<std::unique_ptr<FakeSubscriber>> subscribers;
  std::vector<Subscription*> subscriptions;
  for (int i = 0; i < 3; ++i) {
    subscribers.push_back(std::make_unique<FakeSubscriber>());
    auto joined = ask_to_join(*subscribers.back(), {.channel = "news", .positioned = true});
    if (i == 0) confirm();
    answer_read(static_cast<std::size_t>(i), broker::HistoryResult{.publications = {}, .top = {0, "e"}});
    subscriptions.push_back((**joined)->subscription);
  }
  std::size_t told = 0;
  for (auto& s : subscribers) {
    s->on_insufficient = [&] {
      ++told;
      for (auto* subscription : subscriptions) node_->local().unsubscribe(subscription);
      subscribers.clear();
    };
  }
  arrive(7);
  EXPECT_EQ(told, 1u) << "the others were gone by then";
  EXPECT_THAT(broker_->unsubscribes, SizeIs(1));
}

TEST_F(ChannelOwnerTest, WhatIsLeftWaitingEndsWithTheNode) {
  FakeSubscriber a;
  auto joined = ask_to_join(a, {.channel = "news"});
  node_.reset();
  EXPECT_FALSE(joined->has_value());
}

class MissedPublications : public ChannelOwnerTest {
 protected:
  /// A positioned subscriber of the channel at offset 1 of epoch "e".
  void join(FakeSubscriber& subscriber, std::string channel) {
    const std::size_t before = broker_->subscribes.size();
    ask_to_join(subscriber, {.channel = std::move(channel), .positioned = true});
    if (broker_->subscribes.size() > before) confirm(before);
    answer_read(broker_->reads.size() - 1, broker::HistoryResult{{}, {1, "e"}});
  }
  void miss(std::vector<std::string> channels) {
    broker_->reads.clear();
    in_loop([&] { broker_->sink->on_missed(std::move(channels)); });
  }
};

TEST_F(MissedPublications, WhoIsBehindTheStreamIsTold) {
  FakeSubscriber behind;
  FakeSubscriber elsewhere("bob");
  join(behind, "news");
  join(elsewhere, "quiet");
  miss({"news", "quiet", "unknown"});
  ASSERT_THAT(broker_->reads, SizeIs(2));
  answer_read(0, broker::HistoryResult{{}, {2, "e"}});
  answer_read(1, broker::HistoryResult{{}, {1, "e"}});
  EXPECT_THAT(behind.insufficient, IsEmpty()) << "the publication may be on its way";
  pass(ChannelOwner::kCheckGraceMs + 10);
  EXPECT_THAT(behind.insufficient, ElementsAre("news"));
  EXPECT_THAT(elsewhere.insufficient, IsEmpty());
  pass(ChannelOwner::kCheckGraceMs + 10);
  EXPECT_THAT(behind.insufficient, SizeIs(1)) << "once";
}

TEST_F(MissedPublications, APublicationThatArrivesInTimeIsNotMissed) {
  FakeSubscriber a;
  join(a, "news");
  miss({"news"});
  answer_read(0, broker::HistoryResult{{}, {2, "e"}});
  arrive(2);
  arrive(3);
  pass(ChannelOwner::kCheckGraceMs + 10);
  EXPECT_THAT(a.insufficient, IsEmpty());
}

TEST_F(MissedPublications, AnotherEpochIsAnotherStream) {
  FakeSubscriber a;
  join(a, "news");
  miss({"news"});
  answer_read(0, broker::HistoryResult{{}, {0, "other"}});
  pass(ChannelOwner::kCheckGraceMs + 10);
  EXPECT_THAT(a.insufficient, ElementsAre("news"));
}

TEST_F(MissedPublications, AFailedLookIsMadeAgain) {
  FakeSubscriber a;
  join(a, "news");
  miss({"news"});
  answer_read(0, fail("no connection"));
  pass(ChannelOwner::kCheckGraceMs + 10);
  ASSERT_THAT(broker_->reads, SizeIs(2));
  EXPECT_THAT(a.insufficient, IsEmpty());
}

TEST_F(MissedPublications, StreamsAreLookedAtAFewAtATime) {
  FakeSubscriber a;
  std::vector<std::string> channels;
  for (std::size_t i = 0; i < ChannelOwner::kChecksAtOnce + 1; ++i) {
    channels.push_back("news-" + std::to_string(i));
    join(a, channels.back());
  }
  miss(channels);
  EXPECT_THAT(broker_->reads, SizeIs(ChannelOwner::kChecksAtOnce));
  answer_read(0, broker::HistoryResult{{}, {1, "e"}});
  EXPECT_THAT(broker_->reads, SizeIs(ChannelOwner::kChecksAtOnce + 1));
}

TEST_F(MissedPublications, ChannelsWhoseStreamNobodyFollowsAreLeftAlone) {
  FakeSubscriber a;
  ask_to_join(a, {.channel = "news"});
  confirm();
  miss({"news"});
  EXPECT_THAT(broker_->reads, IsEmpty());
}

}  // namespace
}  // namespace whirl::hub
