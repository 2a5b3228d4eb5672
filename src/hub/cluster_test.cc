#include "hub/cluster.h"

#include <gmock/gmock.h>

#include "codec/arena.h"
#include "codec/protobuf.h"
#include "testing/hub_fixture.h"

namespace whirl::hub {
namespace {

using ::testing::ElementsAre;
using testing::FakeSubscriber;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// What carries control messages between the nodes of a test.
struct Bus {
  struct Member {
    std::string uid;
    net::Loop* loop;
    broker::ControllerSink* sink;
  };
  std::vector<Member> members;
  std::vector<std::string> silent;  ///< what these send is lost
  bool broken = false;
  int with_metrics = 0;  ///< messages that tell metrics

  void count(std::string_view message) {
    codec::Arena arena(256);
    control::Command command;
    if (codec::decode_protobuf(message, command, arena) && command.node && command.node->metrics)
      ++with_metrics;
  }
};

class BusController final : public broker::Controller {
 public:
  BusController(Bus& bus, net::Loop& loop, std::string_view uid) : bus_(bus), loop_(loop), uid_(uid) {}
  void start(broker::ControllerSink& sink) override { bus_.members.push_back({uid_, &loop_, &sink}); }
  void publish(std::string_view message, std::string_view node_id, broker::Done<> done) override {
    if (bus_.broken) return done(fail("the bus is broken"));
    bus_.count(message);
    if (std::ranges::find(bus_.silent, uid_) == bus_.silent.end()) {
      for (auto& to : bus_.members) {
        if (!node_id.empty() && node_id != to.uid) continue;
        to.loop->post([sink = to.sink, message = std::string(message)] { sink->on_control(message); });
      }
    }
    done({});
  }

 private:
  Bus& bus_;
  net::Loop& loop_;
  const std::string uid_;
};

/// Two nodes of two loops each, on one clock.
class ClusterTest : public ::testing::Test {
 protected:
  struct Side {
    std::unique_ptr<net::Runtime> runtime;
    std::vector<std::unique_ptr<metrics::LoopMetrics>> metrics;
    std::unique_ptr<Node> node;
  };

  ClusterTest() {
    for (Side* side : {&a_, &b_}) make(*side, side == &a_ ? "a" : "b");
    pass(1);
  }

  void make(Side& side, std::string name) {
    side.runtime = std::make_unique<net::Runtime>(2, clock_);
    for (int i = 0; i < 2; ++i) side.metrics.push_back(std::make_unique<metrics::LoopMetrics>());
    auto engine = testing::memory_engine();
    engine.controller = [this](net::Loop& loop, std::string_view uid) {
      return std::make_unique<BusController>(bus_, loop, uid);
    };
    Node::Options options{.name = std::move(name), .version = "1"};
    options.metrics = [&side](int i) -> metrics::LoopMetrics& {
      return *side.metrics[static_cast<std::size_t>(i)];
    };
    side.node = Node::create(*side.runtime, std::move(engine), std::move(options));
  }
  void pass(std::int64_t ms) {
    clock_.advance(ms);
    for (int round = 0; round < 8; ++round) {
      for (Side* side : {&a_, &b_}) {
        for (int i = 0; i < 2; ++i) side->runtime->loop(i).turn();
      }
    }
  }
  void on_loop(Side& side, int loop, const std::function<void()>& call) {
    side.runtime->loop(loop).post([&] { call(); });
    pass(0);
  }
  template <class T, class Call>
  std::optional<Result<T>> ask(Side& side, const Call& call) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    on_loop(side, 1, [&] {
      call(*side.node, broker::Done<T>([answer](Result<T> result) { answer->emplace(std::move(result)); }));
    });
    return std::move(*answer);
  }
  std::vector<std::string> names(Side& side) {
    auto infos = ask<std::vector<NodeInfo>>(side, [](Node& node, auto done) { node.info(std::move(done)); });
    std::vector<std::string> out;
    for (const NodeInfo& info : infos->value()) out.push_back(info.name);
    return out;
  }

  ManualClock clock_;
  Bus bus_;
  Side a_;
  Side b_;
};

TEST_F(ClusterTest, NodesKnowEachOtherAtOnce) {
  EXPECT_THAT(names(a_), ElementsAre("a", "b"));
  EXPECT_THAT(names(b_), ElementsAre("b", "a"));
  a_.metrics[0]->registry.collect(0);
  EXPECT_EQ(a_.metrics[0]->node.num_nodes->value, 2);
}

TEST_F(ClusterTest, NumbersOfOthersComeWithTheirPings) {
  FakeSubscriber ann;
  on_loop(b_, 1, [&] { b_.node->local().add(ann); });
  auto clients = [&] {
    auto infos = ask<std::vector<NodeInfo>>(a_, [](Node& node, auto done) { node.info(std::move(done)); });
    return infos->value().at(1).num_clients;
  };
  EXPECT_EQ(clients(), 0u);
  pass(Cluster::kPingMs);
  EXPECT_EQ(clients(), 1u);
  on_loop(b_, 1, [&] { b_.node->local().remove(ann); });
}

TEST_F(ClusterTest, MetricsComeWithThePingAfterTheyAreToldAndStay) {
  auto metrics = [&](Side& side, std::size_t node) {
    auto infos = ask<std::vector<NodeInfo>>(side, [](Node& n, auto done) { n.info(std::move(done)); });
    return infos->value().at(node).metrics;
  };
  EXPECT_EQ(metrics(a_, 0), nullptr);
  EXPECT_EQ(metrics(a_, 1), nullptr);
  on_loop(b_, 1, [&] { b_.node->tell_metrics({.interval_seconds = 60, .values = {{"x.y", 1.5}}}); });
  ASSERT_NE(metrics(b_, 0), nullptr);
  for (int i = 0; i < 3; ++i) {
    pass(Cluster::kPingMs);
    ASSERT_NE(metrics(a_, 1), nullptr);
    EXPECT_EQ(metrics(a_, 1)->interval_seconds, 60);
    EXPECT_THAT(metrics(a_, 1)->values, ElementsAre(Pair("x.y", 1.5)));
  }
  EXPECT_EQ(bus_.with_metrics, 1) << "they are sent once";
}

TEST_F(ClusterTest, ASilentNodeIsForgotten) {
  bus_.silent = {b_.node->uid()};
  for (std::int64_t t = 0; t <= Cluster::kForgetMs + Cluster::kPingMs; t += Cluster::kPingMs)
    pass(Cluster::kPingMs);
  EXPECT_THAT(names(a_), ElementsAre("a"));
  bus_.silent.clear();
  pass(Cluster::kPingMs);
  EXPECT_THAT(names(a_), ElementsAre("a", "b"));
}

TEST_F(ClusterTest, ANodeThatLeavesIsForgottenAtOnce) {
  on_loop(b_, 1, [&] { b_.node->leave(); });
  EXPECT_THAT(names(a_), ElementsAre("a"));
  pass(Cluster::kPingMs);
  EXPECT_THAT(names(a_), ElementsAre("a")) << "it tells nothing of itself any more";
}

TEST_F(ClusterTest, UsersAreReachedOnEveryNode) {
  FakeSubscriber here("ann");
  FakeSubscriber there("ann");
  on_loop(a_, 0, [&] { a_.node->local().add(here); });
  on_loop(b_, 1, [&] { b_.node->local().add(there); });
  UserTarget ann{.user = "ann"};
  ask<void>(a_, [&](Node& node, auto done) { node.disconnect_user(ann, {3503, "bye"}, std::move(done)); });
  ask<void>(a_, [&](Node& node, auto done) {
    node.unsubscribe_user(ann, "c", {2000, "x"}, std::move(done));
  });
  ask<void>(a_, [&](Node& node, auto done) { node.refresh_user(ann, {.expire_at = 7}, std::move(done)); });
  ask<void>(a_,
            [&](Node& node, auto done) { node.subscribe_user(ann, "c", {.data = "{}"}, std::move(done)); });
  for (auto* s : {&here, &there}) {
    EXPECT_THAT(s->calls,
                ElementsAre("disconnect 3503 bye", "unsubscribe c 2000", "refresh 7", "subscribe c {}"));
  }
  on_loop(a_, 0, [&] { a_.node->local().remove(here); });
  on_loop(b_, 1, [&] { b_.node->local().remove(there); });
}

TEST_F(ClusterTest, NothingIsDoneIfTheOthersCannotBeTold) {
  FakeSubscriber ann("ann");
  on_loop(a_, 0, [&] { a_.node->local().add(ann); });
  bus_.broken = true;
  auto done = ask<void>(a_, [&](Node& node, auto answer) {
    node.disconnect_user({.user = "ann"}, {3503, "bye"}, std::move(answer));
  });
  EXPECT_FALSE(*done);
  EXPECT_THAT(ann.calls, IsEmpty());
  on_loop(a_, 0, [&] { a_.node->local().remove(ann); });
}

TEST_F(ClusterTest, ChannelsOfAllNodesAreListed) {
  FakeSubscriber ann;
  Subscription* here = nullptr;
  Subscription* there = nullptr;
  auto join = [&](Side& side, Subscription*& subscription) {
    on_loop(side, 0, [&] {
      side.node->local().subscribe(ann, {.channel = "news"}, [&](Result<SubscribeOutcome> outcome) {
        subscription = outcome->subscription;
      });
    });
  };
  join(a_, here);
  join(b_, there);
  auto list = [&](std::string pattern) {
    return *ask<std::map<std::string, std::uint32_t>>(
        a_, [&](Node& node, auto done) { node.channels(pattern, std::move(done)); });
  };
  EXPECT_THAT(list("").value(), ElementsAre(Pair("news", 2)));
  EXPECT_FALSE(list("["));
  on_loop(a_, 0, [&] { a_.node->local().unsubscribe(here); });
  on_loop(b_, 0, [&] { b_.node->local().unsubscribe(there); });
}

TEST_F(ClusterTest, ASurveyIsAnsweredByTheNodeOrNodesItIsFor) {
  for (Side* side : {&a_, &b_}) {
    side->node->on_survey("echo", [name = side == &a_ ? "a" : "b"](std::string_view data, auto done) {
      done(SurveyReply{.data = std::string(name) + ":" + std::string(data)});
    });
  }
  auto survey = [&](std::string op, std::string uid) {
    auto replies = ask<std::vector<SurveyReply>>(
        a_, [&](Node& node, auto done) { node.survey(op, "x", uid, std::move(done)); });
    std::vector<std::string> out;
    if (!replies || !*replies) return out;
    for (auto& reply : **replies) out.push_back(std::to_string(reply.code) + reply.data);
    return out;
  };
  EXPECT_THAT(survey("echo", ""), UnorderedElementsAre("0a:x", "0b:x"));
  EXPECT_THAT(survey("echo", a_.node->uid()), ElementsAre("0a:x"));
  EXPECT_THAT(survey("echo", b_.node->uid()), ElementsAre("0b:x"));
  EXPECT_THAT(survey("unheard of", ""), ElementsAre("3", "3"));
  auto unknown = ask<std::vector<SurveyReply>>(
      a_, [&](Node& node, auto done) { node.survey("echo", "x", "no such node", std::move(done)); });
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(*unknown);
}

TEST_F(ClusterTest, ASurveyEndsWithoutThoseWhoDoNotAnswer) {
  a_.node->on_survey("slow", [](std::string_view, auto done) { done(SurveyReply{}); });
  std::vector<broker::Done<SurveyReply>> held;
  b_.node->on_survey("slow", [&](std::string_view, auto done) { held.push_back(std::move(done)); });
  std::optional<std::size_t> replies;
  on_loop(a_, 0, [&] {
    a_.node->survey("slow", "", "", [&](Result<std::vector<SurveyReply>> all) { replies = all->size(); });
  });
  EXPECT_THAT(held, SizeIs(1));
  EXPECT_FALSE(replies);
  pass(Cluster::kSurveyTimeoutMs);
  EXPECT_EQ(replies, 1u);
  on_loop(b_, 0, [&] { held.at(0)(SurveyReply{}); });
}

TEST(UserCommand, SurvivesTheWayToAnotherNode) {
  UserCommand command{{.user = "u", .client = "c", .session = "s"},
                      UserCommand::Subscription{"news",
                                                {.info = "[1]",
                                                 .data = "{}",
                                                 .expire_at = 9,
                                                 .has_recover_since = true,
                                                 .recover_since = {4, "e"},
                                                 .presence = 0,
                                                 .join_leave = 1,
                                                 .force_push_join_leave = 0,
                                                 .force_recovery = 1,
                                                 .force_positioning = 0}}};
  codec::Arena arena;
  control::Command wire;
  std::string message = command.message("me");
  ASSERT_TRUE(codec::decode_protobuf(message, wire, arena));
  EXPECT_EQ(wire.uid, "me");
  auto back = UserCommand::from(wire);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->target.client, "c");
  EXPECT_EQ(back->target.session, "s");
  const auto& with = std::get<UserCommand::Subscription>(back->action).with;
  EXPECT_EQ(with.info, "[1]");
  EXPECT_EQ(with.expire_at, 9);
  EXPECT_TRUE(with.has_recover_since);
  EXPECT_EQ(with.recover_since, (broker::StreamPosition{4, "e"}));
  EXPECT_EQ(with.presence, 0);
  EXPECT_EQ(with.join_leave, 1);
  EXPECT_EQ(with.force_push_join_leave, 0);
  EXPECT_EQ(with.force_recovery, 1);
  EXPECT_EQ(with.force_positioning, 0);

  UserCommand disconnect{{.user = "u", .client_whitelist = {"x", "y"}}, Disconnect{3000, "r"}};
  message = disconnect.message("me");
  ASSERT_TRUE(codec::decode_protobuf(message, wire, arena));
  EXPECT_THAT(UserCommand::from(wire)->target.client_whitelist, ElementsAre("x", "y"));
}

/// A field of Protobuf with a content of less than 128 bytes.
std::string field(int number, const std::string& content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())} + content;
}
std::string field(int number, char value) {
  return std::string{static_cast<char>(number << 3), value};
}

// Nodes of Centrifugo read these bytes, and send such: numbers as in its control.proto.
TEST(UserCommand, HasTheBytesOfCentrifugo) {
  UserTarget ann{.user = "ann", .client = "c1", .session = "s1"};
  UserCommand subscribe{ann, UserCommand::Subscription{"news",
                                                       {.info = "[1]",
                                                        .data = "{}",
                                                        .expire_at = 9,
                                                        .has_recover_since = true,
                                                        .recover_since = {4, "e"},
                                                        .presence = 1,
                                                        .join_leave = 1,
                                                        .force_push_join_leave = 1,
                                                        .force_recovery = 1,
                                                        .force_positioning = 1}}};
  EXPECT_EQ(
      subscribe.message("n"),
      field(1, "n") + field(10, field(1, "ann") + field(2, "news") + field(3, 1) + field(4, 1) + field(5, 9) +
                                    field(6, 1) + field(7, 1) + field(8, "[1]") + field(9, "c1") +
                                    field(10, "{}") + field(11, field(1, 4) + field(2, "e")) +
                                    field(12, "s1") + field(13, 1) + field(14, 10)));

  UserCommand unsubscribe{ann, UserCommand::Unsubscription{"news", {100, "r"}}};
  EXPECT_EQ(unsubscribe.message("n"),
            field(1, "n") + field(5, field(1, "news") + field(2, "ann") + field(3, "c1") + field(4, "s1") +
                                         field(5, 100) + field(6, "r")));

  UserCommand disconnect{{.user = "ann", .client_whitelist = {"x", "y"}}, Disconnect{100, "r"}};
  EXPECT_EQ(disconnect.message("n"),
            field(1, "n") +
                field(6, field(1, "ann") + field(2, "x") + field(2, "y") + field(3, 100) + field(4, "r")));

  UserCommand refresh{ann, Refresh{.expired = true, .expire_at = 9, .has_info = true, .info = "{}"}};
  EXPECT_EQ(refresh.message("n"),
            field(1, "n") + field(12, field(1, "ann") + field(2, "c1") + field(3, 1) + field(4, 9) +
                                          field(5, "{}") + field(6, "s1")));
}

}  // namespace
}  // namespace whirl::hub
