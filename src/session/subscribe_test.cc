#include <gmock/gmock.h>

#include "testing/session_fixture.h"

namespace whirl::session {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Subscribe : public SessionFixture {
 protected:
  std::string subscribe(Peer& peer, std::string_view channel, std::string_view fields = "") {
    return ask(peer, R"({"id":2,"subscribe":{"channel":")" + std::string(channel) + "\"" +
                         std::string(fields) + "}}");
  }
  /// The claims without the brace at the end.
  static std::string with_token(std::string_view claims) { return R"(,"token":")" + token(claims) + "\""; }
  static std::string since(const broker::StreamPosition& position) {
    return R"(,"recover":true,"offset":)" + std::to_string(position.offset) + R"(,"epoch":")" +
           position.epoch + "\"";
  }
  static std::string error(std::uint32_t code) {
    return R"({"id":2,"error":{"code":)" + std::to_string(code);
  }
};

TEST_F(Subscribe, DeliversWhatIsPublishedUntilUnsubscribe) {
  ns("open");
  for (const auto variant : {kJson, kProtobuf}) {
    Peer& peer = join("", variant);
    EXPECT_EQ(subscribe(peer, "open:a"), R"({"id":2,"subscribe":{}})");
    publish("open:a", R"({"n":1})");
    EXPECT_EQ(peer.last(), R"({"push":{"channel":"open:a","pub":{"data":{"n":1}}}})");
    EXPECT_EQ(ask(peer, R"({"id":3,"unsubscribe":{"channel":"open:a"}})"), R"({"id":3,"unsubscribe":{}})");
    peer.hears();
    publish("open:a", "2");
    EXPECT_EQ(peer.last(), "");
    EXPECT_EQ(subscribe(peer, "open:a"), R"({"id":2,"subscribe":{}})");
  }
}

TEST_F(Subscribe, IsRefusedWithTheCodeForTheReason) {
  ns("open");
  channels.namespaces.emplace_back().name = "closed";
  client.channel_limit = 1;
  Peer& peer = join("ann");
  EXPECT_EQ(subscribe(peer, "missing:a"), error(102) + R"(,"message":"unknown channel"}})");
  EXPECT_THAT(subscribe(peer, "closed:a"), HasSubstr(error(103)));
  EXPECT_THAT(subscribe(peer, "open:" + std::string(251, 'x')), HasSubstr(error(107)));
  EXPECT_THAT(subscribe(peer, "open:ü"), HasSubstr(error(107)));
  subscribe(peer, "open:a");
  EXPECT_THAT(subscribe(peer, "open:a"), HasSubstr(error(105)));
  EXPECT_THAT(subscribe(peer, "open:b"), HasSubstr(error(106)));
}

TEST_F(Subscribe, TakesNumbersOfNoTypeForStreams) {
  ns("open");
  for (const char* type : {"-1", "5", "99"}) {
    EXPECT_EQ(subscribe(join(), "open:a", R"(,"type":)" + std::string(type)), R"({"id":2,"subscribe":{}})");
  }
}

TEST_F(Subscribe, ExplainsRefusalsToDevelopers) {
  channels.namespaces.emplace_back().name = "closed";
  explains_errors = true;
  EXPECT_THAT(subscribe(join("ann"), "closed:a"),
              HasSubstr("permission denied: subscribe on closed:a is refused by "
                        "allow_subscribe_for_client (namespace closed: "));
}

TEST_F(Subscribe, EndsTheConnectionIfTheRequestMakesNoSense) {
  ns("open");
  for (const char* request : {R"({"id":2,"subscribe":{}})", R"({"id":2,"unsubscribe":{}})",
                              R"({"id":2,"subscribe":{"channel":"open:a","delta":"what"}})"}) {
    Peer& peer = join();
    say(peer, request);
    EXPECT_EQ(peer.end_code(), 3501u) << request;
  }
}

TEST_F(Subscribe, TakesATokenForWhatOptionsForbid) {
  auto& closed = channels.namespaces.emplace_back();
  closed.name = "closed";
  closed.join_leave = closed.force_push_join_leave = closed.presence = true;
  Peer& peer = join("ann");
  say(peer, R"({"id":2,"subscribe":{"channel":"closed:a")" +
                with_token(R"({"sub":"ann","channel":"closed:a","info":{"seat":4},"data":{"hi":1},"exp":)" +
                           in_seconds(100) + "}") +
                "}}");
  auto heard = peer.hears();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0], R"({"id":2,"subscribe":{"expires":true,"ttl":100,"data":{"hi":1}}})");
  EXPECT_THAT(heard[1], HasSubstr(R"("join":{"info":{"user":"ann","client":)"));
  EXPECT_THAT(heard[1], HasSubstr(R"("chan_info":{"seat":4})"));
}

TEST_F(Subscribe, LooksAtTokensClosely) {
  channels.namespaces.emplace_back().name = "closed";
  Peer& peer = join("ann");
  EXPECT_THAT(subscribe(peer, "closed:a", R"(,"token":"nonsense")"), HasSubstr(error(103)));
  EXPECT_THAT(subscribe(peer, "closed:a",
                        with_token(R"({"sub":"ann","channel":"closed:a","exp":)" + in_seconds(-1) + "}")),
              HasSubstr(error(109)));
  EXPECT_THAT(
      subscribe(peer, "closed:a",
                with_token(R"({"sub":"ann","channel":"closed:a","expire_at":)" + in_seconds(-1) + "}")),
      HasSubstr(error(110)));
  EXPECT_THAT(subscribe(peer, "closed:a", with_token(R"({"sub":"ann","channel":"missing:a"})")),
              HasSubstr(error(102)));
  EXPECT_THAT(subscribe(peer, "closed:a", with_token(R"({"sub":"ann","channel":"closed:a"})")),
              HasSubstr("subscribe"));
  for (const char* claims :
       {R"({"sub":"ann","channel":"closed:other"})", R"({"sub":"bob","channel":"closed:b"})",
        R"({"sub":"ann","channel":"closed:b","client":"somebody"})"}) {
    Peer& other = join("ann");
    subscribe(other, "closed:b", with_token(claims));
    EXPECT_EQ(other.end_code(), 3500u) << claims;
  }
}

TEST_F(Subscribe, SubRefreshMovesTheEnd) {
  channels.namespaces.emplace_back().name = "closed";
  Peer& peer = join("ann");
  const auto refresh = [&](const std::string& claims) {
    return ask(peer, R"({"id":3,"sub_refresh":{"channel":"closed:a")" + with_token(claims) + "}}");
  };
  const auto claims = [&](int seconds) {
    return R"({"sub":"ann","channel":"closed:a","exp":)" + in_seconds(seconds) + "}";
  };
  EXPECT_THAT(refresh(claims(60)), HasSubstr("103"));
  subscribe(peer, "closed:a", with_token(claims(60)));
  EXPECT_EQ(refresh(claims(600)), R"({"id":3,"sub_refresh":{"expires":true,"ttl":600}})");
  EXPECT_EQ(refresh(claims(-1)), R"({"id":3,"sub_refresh":{}})");
  EXPECT_THAT(ask(peer, R"({"id":3,"sub_refresh":{"channel":"closed:a"}})"), HasSubstr("107"));
  say(peer, R"({"id":3,"sub_refresh":{"channel":"closed:a","token":"nonsense"}})");
  EXPECT_EQ(peer.end_code(), 3500u);
}

TEST_F(Subscribe, TellsThePositionAndRecoversWhatWasMissed) {
  kept_ns("kept").force_recovery = true;
  const auto first = publish("kept:a", "1", kept(10)).position;
  publish("kept:a", "2", kept(10));
  publish("kept:a", "3", kept(10));
  Peer& peer = join();
  EXPECT_EQ(subscribe(peer, "kept:a"), R"({"id":2,"subscribe":{"recoverable":true,"epoch":")" + first.epoch +
                                           R"(","offset":3,"positioned":true}})");
  for (const auto variant : {kJson, kProtobuf}) {
    EXPECT_EQ(
        subscribe(join("", variant), "kept:a", since(first)),
        R"({"id":2,"subscribe":{"recoverable":true,"epoch":")" + first.epoch +
            R"(","publications":[{"data":2,"offset":2},{"data":3,"offset":3}],"recovered":true,"offset":1,)"
            R"("positioned":true,"was_recovering":true}})");
  }
  EXPECT_THAT(subscribe(join(), "kept:a", since({0, first.epoch})),
              HasSubstr(R"([{"data":1,"offset":1,"epoch":")" + first.epoch));
}

TEST_F(Subscribe, SaysSoWhenItCannotRecover) {
  kept_ns("kept").force_recovery = true;
  const auto top = publish("kept:a", "1", kept(10)).position;
  const std::string got = subscribe(join(), "kept:a", since({0, "other"}));
  EXPECT_THAT(got, HasSubstr(R"("offset":1,"positioned":true,"was_recovering":true)"));
  EXPECT_THAT(got, Not(HasSubstr("recovered\":true")));
  Peer& peer = join();
  EXPECT_THAT(subscribe(peer, "kept:a", since({0, "other"}) + R"(,"flag":2)"), HasSubstr(error(112)));
  EXPECT_THAT(subscribe(peer, "kept:a", since({0, top.epoch}) + R"(,"flag":2)"),
              HasSubstr(R"("recovered":true)"));
}

TEST_F(Subscribe, LimitsWhatIsRecovered) {
  kept_ns("kept").force_recovery = true;
  client.recovery_max_publication_limit = 2;
  const auto first = publish("kept:a", "1", kept(10)).position;
  for (int i = 2; i <= 4; ++i) publish("kept:a", std::to_string(i), kept(10));
  EXPECT_THAT(subscribe(join(), "kept:a", since(first)), Not(HasSubstr("\"recovered\"")));
  EXPECT_THAT(subscribe(join(), "kept:a", since({2, first.epoch})), HasSubstr("\"recovered\":true"));
}

TEST_F(Subscribe, GivesTheLatestFromACache) {
  auto& cache = kept_ns("cache");
  cache.force_recovery = cache.auto_cache_recover = true;
  cache.force_recovery_mode = "cache";
  publish("cache:a", "1", kept(10));
  publish("cache:a", "2", kept(10));
  EXPECT_THAT(
      subscribe(join(), "cache:a"),
      HasSubstr(
          R"("publications":[{"data":2,"offset":2}],"recovered":true,"positioned":true,"was_recovering":true)"));
}

TEST_F(Subscribe, GrantsWishesThatOptionsAllow) {
  auto& may = kept_ns("may");
  may.allow_recovery = may.allow_positioning = true;
  kept_ns("plain");
  kept_ns("hist").allow_history_for_subscriber = true;
  Peer& peer = join("ann");
  EXPECT_THAT(subscribe(peer, "may:a", R"(,"recoverable":true)"), HasSubstr(R"("recoverable":true)"));
  EXPECT_THAT(subscribe(peer, "may:b", R"(,"positioned":true)"), HasSubstr(R"("positioned":true)"));
  EXPECT_EQ(subscribe(peer, "plain:a", R"(,"recoverable":true,"positioned":true)"),
            R"({"id":2,"subscribe":{}})");
  EXPECT_THAT(subscribe(peer, "hist:a", R"(,"recoverable":true)"), HasSubstr(R"("recoverable":true)"));
  EXPECT_EQ(subscribe(peer, "plain:b", R"(,"recover":true)"),
            R"({"id":2,"subscribe":{"was_recovering":true}})");
}

TEST_F(Subscribe, SendsJoinsAndLeavesToThoseWhoWantThem) {
  auto& room = ns("room");
  room.presence = room.join_leave = room.allow_presence_for_subscriber = true;
  Peer& ann = join("ann");
  Peer& bob = join("bob");
  subscribe(ann, "room:a", R"(,"join_leave":true)");
  EXPECT_THAT(ann.last(), HasSubstr(R"("join":{"info":{"user":"ann")"));
  EXPECT_EQ(subscribe(bob, "room:a"), R"({"id":2,"subscribe":{}})");
  EXPECT_THAT(ann.last(), HasSubstr(R"("join":{"info":{"user":"bob")"));
  in_loop([&] { bob.session->on_closed(); });
  EXPECT_THAT(ann.last(), HasSubstr(R"("leave":{"info":{"user":"bob")"));
}

TEST_F(Subscribe, SendsDeltasWhereTheyAreAllowed) {
  auto& delta = kept_ns("delta");
  delta.force_recovery = true;
  delta.allowed_delta_types = {"fossil"};
  auto options = kept(10);
  options.use_delta = true;
  const std::string text(200, 'x');
  const auto first = publish("delta:a", '"' + text + "1\"", options).position;
  publish("delta:a", '"' + text + "2\"", options);
  publish("delta:a", '"' + text + "3\"", options);
  Peer& peer = join();
  const std::string got = subscribe(peer, "delta:a", since(first) + R"(,"delta":"fossil")");
  EXPECT_THAT(got, HasSubstr(R"("publications":[{"data":"\"xxx)"));
  EXPECT_THAT(got, HasSubstr(R"("offset":3,"delta":true}])"));
  EXPECT_THAT(got, HasSubstr(R"("was_recovering":true,"delta":true)"));
  publish("delta:a", '"' + text + "4\"", options);
  EXPECT_THAT(peer.last(), HasSubstr(R"("delta":true)"));
  kept_ns("plain");
  configure();
  EXPECT_EQ(subscribe(peer, "plain:a", R"(,"delta":"fossil")"), R"({"id":2,"subscribe":{}})");
}

TEST_F(Subscribe, FiltersByTags) {
  ns("tags").allow_tags_filter = true;
  ns("plain");
  const std::string red = R"(,"tf":{"key":"colour","cmp":"eq","val":"red"})";
  Peer& peer = join();
  EXPECT_THAT(subscribe(peer, "plain:a", red), HasSubstr(error(107)));
  EXPECT_THAT(subscribe(peer, "tags:a", R"(,"tf":{"op":"xor"})"), HasSubstr(error(107)));
  EXPECT_EQ(subscribe(peer, "tags:a", red), R"({"id":2,"subscribe":{}})");
  peer.hears();
  publish("tags:a", "1", {.tags = {{"colour", "blue"}}});
  EXPECT_EQ(peer.last(), "");
  publish("tags:a", "2", {.tags = {{"colour", "red"}}});
  EXPECT_THAT(peer.last(), HasSubstr(R"("data":2)"));
}

TEST_F(Subscribe, ExpiresAtThePeriodicLook) {
  client.ping_interval = {};
  client.presence_update_interval = config::Duration::seconds(10);
  client.expired_sub_close_delay = config::Duration::seconds(5);
  channels.namespaces.emplace_back().name = "closed";
  Peer& peer = join("ann");
  subscribe(peer, "closed:a",
            with_token(R"({"sub":"ann","channel":"closed:a","exp":)" + in_seconds(2) + "}"));
  // An expired token changes nothing about that.
  ask(peer, R"({"id":3,"sub_refresh":{"channel":"closed:a")" +
                with_token(R"({"sub":"ann","channel":"closed:a","exp":)" + in_seconds(-1) + "}") + "}}");
  peer.hears();
  for (int i = 0; i < 3; ++i) pass(10'000);
  EXPECT_EQ(peer.last(),
            R"({"push":{"channel":"closed:a","unsubscribe":{"code":2501,"reason":"subscription expired"}}})");
  EXPECT_FALSE(peer.end);
}

TEST_F(Subscribe, ChecksPositionsAtThePeriodicLook) {
  client.ping_interval = {};
  client.presence_update_interval = config::Duration::seconds(10);
  client.channel_position_check_delay = config::Duration::seconds(15);
  auto& brief = ns("brief");
  brief.history_size = 10;
  brief.history_ttl = brief.history_meta_ttl = config::Duration::seconds(1);
  brief.force_positioning = true;
  Peer& asked = join();
  Peer& told = open();
  publish("brief:a", "1", {.history_size = 10, .history_ttl_ms = 1000, .history_meta_ttl_ms = 1000});
  subscribe(asked, "brief:a");
  say(told, R"({"id":1,"connect":{"token":")" + token(R"({"sub":"ann","channels":["brief:a"]})") + "\"}}");
  asked.hears();
  for (int i = 0; i < 6; ++i) pass(10'000);
  EXPECT_EQ(asked.last(),
            R"({"push":{"channel":"brief:a","unsubscribe":{"code":2500,"reason":"insufficient state"}}})");
  EXPECT_EQ(told.end_code(), 3010u);
}

TEST_F(Subscribe, KeepsPresenceAlive) {
  make_node(testing::memory_engine({.presence_ttl_ms = 60'000}));
  client.ping_interval = {};
  auto& room = ns("room");
  room.presence = true;
  Peer& peer = join("ann");
  subscribe(peer, "room:a");
  for (int i = 0; i < 10; ++i) pass(20'000);
  const auto stats = [&] {
    auto got =
        ask<broker::PresenceStats>([&](auto done) { node_->presence_stats("room:a", std::move(done)); });
    return (*got)->clients;
  };
  EXPECT_EQ(stats(), 1u);
  say(peer, R"({"id":3,"unsubscribe":{"channel":"room:a"}})");
  EXPECT_EQ(stats(), 0u);
}

}  // namespace
}  // namespace whirl::session
