#include <gmock/gmock.h>

#include "metrics/exposition.h"
#include "session/schedule.h"
#include "testing/session_fixture.h"

namespace whirl::session {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Lifetime : public SessionFixture {};

TEST(ScheduleTest, GivesTheEarliestEvent) {
  Schedule schedule;
  Schedule::Next next;
  EXPECT_FALSE(schedule.next(next));
  schedule.set(Event::ping, 30);
  schedule.set(Event::expire, 20);
  schedule.set(Event::presence, 20);
  ASSERT_TRUE(schedule.next(next));
  EXPECT_EQ(next.event, Event::expire);
  EXPECT_EQ(next.at_ms, 20);
  schedule.clear(Event::expire);
  schedule.clear(Event::presence);
  EXPECT_FALSE(schedule.waits_for(Event::presence));
  ASSERT_TRUE(schedule.next(next));
  EXPECT_EQ(next.event, Event::ping);
}

TEST_F(Lifetime, AConnectionWithoutConnectIsStale) {
  Peer& silent = open();
  Peer& joined = join();
  pass(9'999);
  EXPECT_FALSE(silent.end);
  pass(2);
  EXPECT_EQ(silent.end_code(), 3502u);
  EXPECT_FALSE(joined.end);
}

TEST_F(Lifetime, PingsAreSentAndPongsExpected) {
  for (const auto variant : {kJson, kProtobuf}) {
    Peer& peer = join("", variant);
    pass(25'000);
    EXPECT_THAT(peer.hears(), ElementsAre("{}"));
    say(peer, "{}");
    pass(8'001);
    EXPECT_FALSE(peer.end);
    pass(17'000);
    EXPECT_THAT(peer.hears(), ElementsAre("{}"));
    say(peer, R"({"id":2,"rpc":{}})");  // commands are no pongs
    pass(8'001);
    EXPECT_EQ(peer.end_code(), 3012u);
  }
}

TEST_F(Lifetime, APongWithoutAPingIsABadRequest) {
  Peer& early = join();
  say(early, "{}");
  EXPECT_EQ(early.end_code(), 3501u);
  Peer& twice = join();
  pass(25'000);
  say(twice, "{}\n{}");
  EXPECT_EQ(twice.end_code(), 3501u);
}

TEST_F(Lifetime, NativePingsReplaceThem) {
  Peer& peer = open(kJson, {.native_ping = true});
  EXPECT_THAT(ask(peer, R"({"id":1,"connect":{}})"), ::testing::Not(HasSubstr("ping")));
  peer.hears();
  pass(25'000);
  EXPECT_THAT(peer.hears(), ElementsAre("native ping"));
  in_loop([&] { peer.session->on_native_pong(); });
  pass(25'000);
  EXPECT_FALSE(peer.end);
  pass(8'001);
  EXPECT_EQ(peer.end_code(), 3000u);
}

TEST_F(Lifetime, UnidirectionalClientsArePingedButOweNoPong) {
  Peer& peer = open(kUniJson);
  in_loop([&] { peer.session->on_connect_request(""); });
  peer.hears();
  pass(25'000);
  EXPECT_THAT(peer.hears(), ElementsAre("{}"));
  pass(20'000);
  EXPECT_FALSE(peer.end);
}

TEST_F(Lifetime, CredentialsExpireAfterAGrace) {
  client.ping_interval = {};
  Peer& peer = open();
  say(peer,
      R"({"id":1,"connect":{"token":")" + token(R"({"sub":"ann","exp":)" + in_seconds(10) + "}") + "\"}}");
  pass(34'000);
  EXPECT_FALSE(peer.end);
  pass(1'001);
  EXPECT_EQ(peer.end_code(), 3005u);
}

TEST_F(Lifetime, InsecureModeLetsNothingExpire) {
  client.insecure = true;
  Peer& peer = open();
  EXPECT_THAT(ask(peer, R"({"id":1,"connect":{"token":")" +
                            token(R"({"sub":"ann","exp":)" + in_seconds(10) + "}") + "\"}}"),
              ::testing::Not(HasSubstr("ttl")));
}

TEST_F(Lifetime, ASlowClientIsClosedWhenAFlushDidNotHelp) {
  ns("open");
  client.queue_max_size = 1000;
  Peer& peer = join();
  say(peer, R"({"id":2,"subscribe":{"channel":"open:a"}})");
  peer.queued = 900;
  publish("open:a", "1");
  EXPECT_FALSE(peer.end);
  peer.queued = 1001;
  publish("open:a", "2");
  EXPECT_EQ(peer.end_code(), 3008u);
}

TEST_F(Lifetime, AClientThatItsTransportGaveUpIsCounted) {
  Peer& peer = join();
  in_loop([&] {
    peer.session->on_stalled();
    peer.session->on_closed();
  });
  EXPECT_THAT(metrics::text(metrics_[0]->registry.collect(0)),
              HasSubstr("centrifugo_client_num_server_disconnects{code=\"3009\"} 1\n"));
}

TEST(Options, OfWhichZeroMeansTheUsual) {
  config::Client zeros;
  zeros.stale_close_delay = zeros.expired_close_delay = zeros.channel_position_check_delay = {};
  zeros.queue_max_size = zeros.channel_limit = 0;
  const config::Client usual = with_defaults(zeros);
  EXPECT_EQ(usual.stale_close_delay, config::Duration::seconds(15));
  EXPECT_EQ(usual.expired_close_delay, config::Duration::seconds(25));
  EXPECT_EQ(usual.channel_position_check_delay, config::Duration::seconds(40));
  EXPECT_EQ(usual.queue_max_size, 1024 * 1024);
  EXPECT_EQ(usual.channel_limit, 128);
  zeros.channel_limit = -1;
  EXPECT_EQ(with_defaults(zeros).channel_limit, -1);
}

TEST_F(Lifetime, TheServerMayGo) {
  Peer& peer = join();
  in_loop([&] { peer.session->shutdown(); });
  EXPECT_EQ(peer.end_code(), 3001u);
}

TEST_F(Lifetime, AnEndIsToldByAPushWhereThereIsNoCloseCode) {
  Peer& peer = open(kJson, {.disconnect_push = true});
  say(peer, R"({"id":1,"connect":{}})");
  in_loop([&] { peer.session->shutdown(); });
  EXPECT_EQ(peer.last(), R"({"push":{"disconnect":{"code":3001,"reason":"shutdown"}}})");
}

class ServerApi : public SessionFixture {
 protected:
  void subscribe_user(std::string channel, hub::SubscribeOverrides overrides = {}) {
    command([&](hub::Node& node, auto done) {
      node.subscribe_user({.user = "ann"}, channel, overrides, std::move(done));
    });
  }
};

TEST_F(ServerApi, SubscribesAndUnsubscribes) {
  auto& room = ns("room");
  room.join_leave = room.force_push_join_leave = true;
  Peer& peer = join("ann");
  subscribe_user("room:a", {.info = R"({"role":1})", .data = R"({"from":"api"})"});
  auto heard = peer.hears();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0], R"({"push":{"channel":"room:a","subscribe":{"data":{"from":"api"}}}})");
  EXPECT_THAT(heard[1], HasSubstr(R"("chan_info":{"role":1})"));
  EXPECT_THAT(ask(peer, R"({"id":2,"subscribe":{"channel":"room:a"}})"), HasSubstr("105"));
  command([](hub::Node& node, auto done) {
    node.unsubscribe_user({.user = "ann"}, "room:a", {2000, "server unsubscribe"}, std::move(done));
  });
  EXPECT_EQ(peer.last(),
            R"({"push":{"channel":"room:a","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}})");
}

TEST_F(ServerApi, SubscribesAgain) {
  ns("room");
  Peer& peer = join("ann");
  subscribe_user("room:a");
  subscribe_user("room:a");
  EXPECT_EQ(peer.hears().size(), 2u);
  publish("room:a", "1");
  EXPECT_EQ(peer.hears().size(), 1u);
}

TEST_F(ServerApi, OverridesOptionsAndRecovers) {
  kept_ns("kept");
  const auto first = publish("kept:a", "1", kept(10)).position;
  publish("kept:a", "2", kept(10));
  Peer& peer = join("ann");
  hub::SubscribeOverrides overrides;
  overrides.force_recovery = 1;
  overrides.has_recover_since = true;
  overrides.recover_since = first;
  subscribe_user("kept:a", overrides);
  EXPECT_EQ(peer.last(), R"({"push":{"channel":"kept:a","subscribe":{"recoverable":true,"epoch":")" +
                             first.epoch + R"(","offset":1,"positioned":true}}})");
}

TEST_F(ServerApi, MindsTheChannelLimit) {
  ns("room");
  client.channel_limit = 1;
  Peer& peer = join("ann");
  subscribe_user("room:a");
  subscribe_user("room:b");
  EXPECT_EQ(peer.end_code(), 3505u);
}

TEST_F(ServerApi, EndsExpiredSubscriptionsTogetherWithTheConnection) {
  ns("room");
  client.ping_interval = {};
  Peer& peer = join("ann");
  hub::SubscribeOverrides overrides;
  overrides.expire_at = clock_.unix_ms() / 1000 + 5;
  subscribe_user("room:a", overrides);
  for (int i = 0; i < 4; ++i) pass(27'000);
  EXPECT_EQ(peer.end_code(), 3006u);
}

TEST_F(ServerApi, Disconnects) {
  Peer& ann = join("ann");
  Peer& bob = join("bob");
  command([](hub::Node& node, auto done) {
    node.disconnect_user({.user = "ann"}, {4000, "go"}, std::move(done));
  });
  ASSERT_TRUE(ann.end);
  EXPECT_EQ(ann.end->code, 4000u);
  EXPECT_EQ(ann.end->reason, "go");
  EXPECT_FALSE(bob.end);
}

TEST_F(ServerApi, Refreshes) {
  Peer& peer = join("ann");
  const auto refresh = [&](const hub::Refresh& wanted) {
    command([&](hub::Node& node, auto done) { node.refresh_user({.user = "ann"}, wanted, std::move(done)); });
  };
  refresh({.expire_at = clock_.unix_ms() / 1000 + 100});
  EXPECT_EQ(peer.last(), R"({"push":{"refresh":{"expires":true,"ttl":100}}})");
  refresh({});
  EXPECT_EQ(peer.last(), R"({"push":{"refresh":{}}})");
  refresh({.expired = true});
  EXPECT_EQ(peer.end_code(), 3005u);
}

}  // namespace
}  // namespace whirl::session
