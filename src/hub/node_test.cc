#include "hub/node.h"

#include <gmock/gmock.h>

#include "testing/hub_fixture.h"

namespace whirl::hub {
namespace {

using ::testing::ElementsAre;
using testing::FakeSubscriber;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// Three loops, so that most channels are owned elsewhere.
class NodeTest : public testing::HubFixture {
 protected:
  NodeTest() { make_node(testing::memory_engine(), {.name = "n1", .version = "1.2.3"}, 3); }

  FakeSubscriber& connect(std::string user, int loop) {
    made_.push_back(std::make_unique<FakeSubscriber>(std::move(user)));
    FakeSubscriber& subscriber = *made_.back();
    on_loop(loop, [&] { node_->local().add(subscriber); });
    connected_.emplace_back(&subscriber, loop);
    return subscriber;
  }
  void disconnect(FakeSubscriber& subscriber, int loop) {
    on_loop(loop, [&] { node_->local().remove(subscriber); });
    std::erase(connected_, std::pair(&subscriber, loop));
  }
  void TearDown() override {
    for (auto [subscriber, loop] : connected_)
      on_loop(loop, [this, s = subscriber] { node_->local().remove(*s); });
  }

  std::vector<std::unique_ptr<FakeSubscriber>> made_;
  std::vector<std::pair<FakeSubscriber*, int>> connected_;
};

TEST_F(NodeTest, SubscribersOfAllLoopsHearWhatAnyLoopPublishes) {
  std::vector<std::unique_ptr<FakeSubscriber>> subscribers;
  for (int c = 0; c < 5; ++c) {
    std::string channel = "c" + std::to_string(c);
    for (int loop = 0; loop < 3; ++loop) {
      subscribers.push_back(std::make_unique<FakeSubscriber>());
      subscribe(*subscribers.back(), {.channel = channel, .positioned = true}, loop);
    }
    for (int loop = 0; loop < 3; ++loop) {
      EXPECT_EQ(publish(channel, "{}", kept(), loop).position.offset, static_cast<unsigned>(loop) + 1);
    }
  }
  for (auto& s : subscribers) {
    EXPECT_THAT(s->frames, SizeIs(3));
    EXPECT_THAT(s->insufficient, IsEmpty());
  }
}

TEST_F(NodeTest, NothingIsDeliveredAfterUnsubscribing) {
  FakeSubscriber a;
  auto outcome = subscribe(a, {.channel = "news"}, 1);
  on_loop(1, [&] {
    node_->publish("news", SharedBytes::copy("{}"), {}, [](Result<broker::PublishResult>) {});
    node_->local().unsubscribe(outcome.subscription);
  });
  publish("news", "{}", {}, 2);
  EXPECT_THAT(a.frames, SizeIs(::testing::Le(1)));
  EXPECT_EQ(info().num_subs, 0u);
  EXPECT_EQ(info().num_channels, 0u);
}

TEST_F(NodeTest, CountsWhatAllLoopsHave) {
  FakeSubscriber& ann1 = connect("ann", 0);
  FakeSubscriber& ann2 = connect("ann", 0);
  FakeSubscriber& ann3 = connect("ann", 1);
  FakeSubscriber& bob = connect("bob", 2);
  std::vector<Subscription*> subscriptions{subscribe(ann1, {.channel = "a"}, 0).subscription,
                                           subscribe(ann2, {.channel = "a"}, 0).subscription};
  auto* third = subscribe(ann3, {.channel = "a"}, 1).subscription;
  subscribe(ann3, {.channel = "b"}, 1);
  auto now = info(2);
  EXPECT_EQ(now.num_clients, 4u);
  EXPECT_EQ(now.num_users, 2u);
  EXPECT_EQ(now.num_subs, 4u);
  EXPECT_EQ(now.num_channels, 2u);
  EXPECT_EQ(now.name, "n1");
  EXPECT_EQ(now.version, "1.2.3");
  EXPECT_EQ(now.uid, node_->uid());
  EXPECT_EQ(node_->num_clients(), 4u);
  auto count = ask<std::size_t>([&](auto done) { node_->count_user_connections("ann", std::move(done)); });
  EXPECT_EQ(**count, 3u);

  for (auto* s : subscriptions) unsubscribe(s, 0);
  unsubscribe(third, 1);
  disconnect(ann2, 0);
  disconnect(ann1, 0);
  disconnect(bob, 2);
  now = info();
  EXPECT_EQ(now.num_clients, 1u);
  EXPECT_EQ(now.num_users, 1u);
  EXPECT_EQ(now.num_subs, 1u);
  EXPECT_EQ(now.num_channels, 1u);
}

TEST_F(NodeTest, ListsChannelsByPattern) {
  FakeSubscriber a;
  FakeSubscriber b;
  for (const char* channel : {"room:1", "room:2", "other"}) subscribe(a, {.channel = channel}, 0);
  subscribe(b, {.channel = "room:1"}, 2);
  auto list = [&](std::string pattern) {
    return *ask<std::map<std::string, std::uint32_t>>(
        [&](auto done) { node_->channels(pattern, std::move(done)); });
  };
  EXPECT_THAT(list("").value(), ElementsAre(Pair("other", 1), Pair("room:1", 2), Pair("room:2", 1)));
  EXPECT_THAT(list("room:*").value(), ElementsAre(Pair("room:1", 2), Pair("room:2", 1)));
  EXPECT_THAT(list("nothing").value(), IsEmpty());
  EXPECT_FALSE(list("[")) << "malformed";
}

TEST_F(NodeTest, ReachesTheConnectionsOfAUserWhereverTheyAre) {
  FakeSubscriber& ann1 = connect("ann", 0);
  FakeSubscriber& ann2 = connect("ann", 0);
  FakeSubscriber& ann3 = connect("ann", 2);
  FakeSubscriber& bob = connect("bob", 1);
  ann2.session = "s2";
  auto disconnect_with = [&](UserTarget target) {
    for (auto* s : {&ann1, &ann2, &ann3, &bob}) s->calls.clear();
    auto done = ask<void>(
        [&](auto answer) {
          node_->disconnect_user(target, {3503, "bye"}, std::move(answer));
        },
        1);
    EXPECT_TRUE(done && *done);
    std::vector<int> called;
    int i = 0;
    for (auto* s : {&ann1, &ann2, &ann3, &bob}) {
      ++i;
      if (!s->calls.empty()) called.push_back(i);
    }
    return called;
  };
  EXPECT_THAT(disconnect_with({.user = "ann"}), ElementsAre(1, 2, 3));
  EXPECT_THAT(ann3.calls, ElementsAre("disconnect 3503 bye"));
  EXPECT_THAT(disconnect_with({.user = "ann", .client = ann3.client_id().text()}), ElementsAre(3));
  EXPECT_THAT(disconnect_with({.user = "ann", .session = "s2"}), ElementsAre(2));
  EXPECT_THAT(disconnect_with({.user = "ann", .client_whitelist = {ann1.client_id().text()}}),
              ElementsAre(2, 3));
  EXPECT_THAT(disconnect_with({.user = "nobody"}), IsEmpty());
}

TEST_F(NodeTest, CarriesEachUserRequestToTheConnection) {
  FakeSubscriber& ann = connect("ann", 2);
  auto ok = [](const std::optional<Result<>>& answer) { return answer && *answer; };
  EXPECT_TRUE(ok(ask<void>(
      [&](auto done) { node_->subscribe_user({.user = "ann"}, "c", {.data = "x"}, std::move(done)); })));
  EXPECT_TRUE(ok(ask<void>([&](auto done) {
    node_->unsubscribe_user({.user = "ann"}, "c", {2000, ""}, std::move(done));
  })));
  EXPECT_TRUE(ok(ask<void>(
      [&](auto done) { node_->refresh_user({.user = "ann"}, {.expire_at = 99}, std::move(done)); })));
  EXPECT_THAT(ann.calls, ElementsAre("subscribe c x", "unsubscribe c 2000", "refresh 99"));
}

TEST_F(NodeTest, PresenceIsThereWhileSubscribed) {
  FakeSubscriber a("ann");
  auto info =
      std::make_shared<broker::ClientInfo>(broker::ClientInfo{.client = a.client_id().text(), .user = "ann"});
  auto* subscription = subscribe(a, {.channel = "room", .presence = true, .info = info}, 1).subscription;
  auto present = [&] {
    return (*ask<broker::PresenceMap>([&](auto done) { node_->presence("room", std::move(done)); }))->size();
  };
  EXPECT_EQ(present(), 1u);
  on_loop(1, [&] { node_->touch_presence("room", info); });
  EXPECT_EQ(present(), 1u);
  unsubscribe(subscription, 1);
  EXPECT_EQ(present(), 0u);
}

TEST_F(NodeTest, HistoryIsAskedOfTheOwner) {
  for (int loop = 0; loop < 3; ++loop) publish("news", "{}", kept(), loop);
  auto history = ask<broker::HistoryResult>(
      [&](auto done) { node_->history("news", {.limit = 2}, std::move(done)); }, 2);
  EXPECT_THAT((*history)->publications, SizeIs(2));
  auto top =
      ask<broker::StreamPosition>([&](auto done) { node_->stream_top("news", 0, std::move(done)); }, 1);
  EXPECT_EQ((*top)->offset, 3u);
  ask<void>([&](auto done) { node_->remove_history("news", std::move(done)); });
  history =
      ask<broker::HistoryResult>([&](auto done) { node_->history("news", {.limit = -1}, std::move(done)); });
  EXPECT_THAT((*history)->publications, IsEmpty());
}

TEST_F(NodeTest, GaugesFollow) {
  FakeSubscriber& a = connect("ann", 0);
  subscribe(a, {.channel = "news"}, 0);
  publish("news", "{}");
  double clients = 0, channels = 0, received = 0;
  for (auto& m : metrics_) {
    m->registry.collect(0);
    clients += m->node.num_clients->value;
    channels += m->node.num_channels->value;
    received += static_cast<double>(m->node.messages_received_count.with("publication", "").value);
  }
  EXPECT_EQ(clients, 1);
  EXPECT_EQ(channels, 1);
  EXPECT_EQ(received, 1);
}

TEST_F(NodeTest, CountsWhatIsPublishedAndWhatIsRepeated) {
  broker::PublishOptions options = kept();
  options.idempotency_key = "once";
  EXPECT_FALSE(publish("news", "{}", options).suppressed);
  EXPECT_TRUE(publish("news", "{}", options).suppressed);
  double sent = 0, repeated = 0;
  for (auto& m : metrics_) {
    sent += static_cast<double>(m->node.messages_sent_count.with("publication", "").value);
    repeated += static_cast<double>(m->broker.publish_suppressed.with("idempotency", "").value);
  }
  EXPECT_EQ(sent, 2);
  EXPECT_EQ(repeated, 1);
}

}  // namespace
}  // namespace whirl::hub
