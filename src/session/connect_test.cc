#include <gmock/gmock.h>

#include "session/tokens.h"
#include "testing/session_fixture.h"

namespace whirl::session {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Connect : public SessionFixture {
 protected:
  std::string connect(Peer& peer, std::string_view fields = "") {
    std::string text = ask(peer, R"({"id":1,"connect":{)" + std::string(fields) + "}}");
    // Ids are random.
    const std::string id = R"("client":")";
    const auto at = text.find(id);
    return at == text.npos ? text : text.replace(at + id.size(), 36, "ID");
  }
  std::string with_token(std::string_view claims) { return R"("token":")" + token(claims) + "\""; }
};

TEST_F(Connect, IsAnsweredWithIdVersionAndPings) {
  Peer& peer = open();
  EXPECT_EQ(connect(peer), R"({"id":1,"connect":{"client":"ID","version":"1.2.3","ping":25,"pong":true}})");
  EXPECT_FALSE(peer.end);
}

TEST_F(Connect, WorksInProtobuf) {
  EXPECT_EQ(connect(open(kProtobuf)),
            R"({"id":1,"connect":{"client":"ID","version":"1.2.3","ping":25,"pong":true}})");
}

TEST_F(Connect, NeedsATokenUnlessAnonymousClientsAreAllowed) {
  client.allow_anonymous_connect_without_token = false;
  Peer& peer = open();
  EXPECT_EQ(connect(peer), "");
  EXPECT_EQ(peer.end_code(), 3501u);
}

TEST_F(Connect, ComesBeforeEverythingElse) {
  for (const char* text :
       {R"({"id":1,"subscribe":{"channel":"a"}})", "{}", R"({"connect":{}})", "", "\n", "nonsense"}) {
    Peer& peer = open();
    say(peer, text);
    EXPECT_EQ(peer.end_code(), 3501u) << text;
  }
}

TEST_F(Connect, HappensOnce) {
  Peer& peer = join();
  say(peer, R"({"id":2,"connect":{}})");
  EXPECT_EQ(peer.end_code(), 3501u);
}

TEST_F(Connect, TellsWhenTheCredentialsExpire) {
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","exp":)" + in_seconds(300) + "}")),
              HasSubstr(R"("expires":true,"ttl":300)"));
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","expire_at":)" + in_seconds(100'000'000) + "}")),
              HasSubstr(R"("ttl":31536000)"));
}

TEST_F(Connect, RefusesTokensEachInItsWay) {
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","exp":)" + in_seconds(-1) + "}")),
              R"({"id":1,"error":{"code":109,"message":"token expired"}})");
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","expire_at":)" + in_seconds(-1) + "}")),
              R"({"id":1,"error":{"code":110,"message":"expired"}})");
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","b64info":"***"})")),
              R"({"id":1,"error":{"code":100,"message":"internal server error","temporary":true}})");
  Peer& peer = open();
  connect(peer, R"("token":"nonsense")");
  EXPECT_EQ(peer.end_code(), 3500u);
}

TEST(TokenRefusal, DependsOnWhatTheTokenIsFor) {
  using auth::Failure;
  const struct {
    Failure failure;
    std::array<std::uint32_t, 4> codes;  // connect, refresh, subscribe, sub_refresh
  } kCases[] = {
      {Failure::expired, {109, 3005, 109, 109}},
      {Failure::invalid, {3500, 3500, 103, 3500}},
      {Failure::unavailable, {3500, 3500, 103, 3500}},
      {Failure::internal, {100, 100, 100, 100}},
  };
  for (const auto& [failure, codes] : kCases) {
    for (TokenUse use : {TokenUse::connect, TokenUse::refresh, TokenUse::subscribe, TokenUse::sub_refresh}) {
      EXPECT_EQ(refusal_of(use, {failure, "why"}).code, codes[static_cast<std::size_t>(use)]);
      EXPECT_EQ(refusal_of(use, {failure, "why"}).why, "why");
    }
  }
}

TEST_F(Connect, AfterAnErrorNothingIsAnsweredUntilTheConnectionIsStale) {
  Peer& peer = open();
  EXPECT_THAT(connect(peer, with_token(R"({"sub":"ann","exp":)" + in_seconds(-1) + "}")), HasSubstr("109"));
  EXPECT_EQ(ask(peer, R"({"id":2,"connect":{}})"), "");
  EXPECT_FALSE(peer.end);
  pass(10'000);
  EXPECT_EQ(peer.end_code(), 3502u);
}

TEST_F(Connect, MayForbidTokensWithoutAUser) {
  client.disallow_anonymous_connection_tokens = true;
  Peer& peer = open();
  connect(peer, with_token(R"({"sub":""})"));
  EXPECT_EQ(peer.end_code(), 3507u);
}

TEST_F(Connect, TakesTheUserFromAHeaderWhereThatIsConfigured) {
  client.allow_anonymous_connect_without_token = false;
  client.user_id_http_header = "X-User";
  client.subscribe_to_user_personal_channel.enabled = true;
  channels.without_namespace.presence = true;
  ns("news").presence = true;
  Peer& peer = open(kJson, {.headers = {{"x-user", "ann"}}});
  EXPECT_THAT(connect(peer), HasSubstr(R"("client":"ID")"));
  say(peer, R"({"id":2,"subscribe":{"channel":"news:a"}})");
  const auto there = ask<broker::PresenceMap>([&](auto done) { node_->presence("news:a", std::move(done)); });
  ASSERT_EQ((*there)->size(), 1u);
  EXPECT_EQ((**there)[0].second->user, "ann");
  Peer& nobody = open(kJson, {.headers = {{"x-user", ""}}});
  connect(nobody);
  EXPECT_EQ(nobody.end_code(), 3501u);
}

TEST_F(Connect, SubscribesToTheChannelsOfTheToken) {
  auto& news = kept_ns("news");
  news.join_leave = news.force_push_join_leave = true;
  Peer& peer = open();
  EXPECT_THAT(connect(peer, with_token(R"({"sub":"ann","subs":{"news:a":{"data":{"hi":1}},)"
                                       R"("news:b":{"override":{"force_recovery":{"value":true}}}}})")),
              HasSubstr("join"));
  const auto heard = peer.hears();
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_THAT(heard[0], HasSubstr(R"("news:a":{"data":{"hi":1}})"));
  EXPECT_THAT(heard[0], HasSubstr(R"("news:b":{"recoverable":true,"epoch":)"));
  EXPECT_THAT(heard[1], HasSubstr(R"({"push":{"channel":"news:a","join":)"));
  EXPECT_THAT(heard[2], HasSubstr(R"({"push":{"channel":"news:b","join":)"));
  publish("news:b", "7", kept());
  EXPECT_THAT(peer.last(), HasSubstr(R"("channel":"news:b","pub":{"data":7)"));
}

TEST_F(Connect, FailsIfATokenNamesAnUnknownNamespace) {
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","channels":["what:ever"]})")), HasSubstr("102"));
}

TEST_F(Connect, SubscribesToRequestedChannelsThatTheClientMayHave) {
  kept_ns("news").force_recovery = true;
  channels.namespaces.emplace_back().name = "closed";
  Peer& peer = open();
  const std::string got = connect(peer, R"("subs":{"news:a":{},"closed:b":{}})");
  EXPECT_THAT(got, HasSubstr("news:a"));
  EXPECT_THAT(got, Not(HasSubstr("closed:b")));
  Peer& other = open();
  connect(other, R"("subs":{"missing:a":{}})");
  EXPECT_EQ(other.end_code(), 3501u);
}

TEST_F(Connect, RecoversServerSideSubscriptions) {
  kept_ns("news").force_recovery = true;
  const auto first = publish("news:a", "1", kept());
  publish("news:a", "2", kept());
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann","channels":["news:a"]})") +
                                  R"(,"subs":{"news:a":{"recover":true,"offset":1,"epoch":")" +
                                  first.position.epoch + "\"}}"),
              HasSubstr(R"("publications":[{"data":2,"offset":2}],"recovered":true,"offset":1)"));
}

TEST_F(Connect, SubscribesToTheUsersOwnChannel) {
  client.subscribe_to_user_personal_channel.enabled = true;
  EXPECT_THAT(connect(open(), with_token(R"({"sub":"ann"})")), HasSubstr(R"("subs":{"#ann":{}})"));
  EXPECT_THAT(connect(open()), Not(HasSubstr("subs")));
}

TEST_F(Connect, EndsOtherConnectionsOfAUserWhoMayHaveOne) {
  client.subscribe_to_user_personal_channel.enabled = true;
  client.subscribe_to_user_personal_channel.single_connection = true;
  channels.without_namespace.presence = true;
  Peer& first = join("ann");
  Peer& bob = join("bob");
  Peer& second = join("ann");
  EXPECT_EQ(first.end_code(), 3504u);
  EXPECT_FALSE(second.end);
  EXPECT_FALSE(bob.end);
}

TEST_F(Connect, LimitsTheConnectionsOfAUser) {
  client.user_connection_limit = 2;
  join("ann");
  join("ann");
  Peer& third = open();
  connect(third, with_token(R"({"sub":"ann"})"));
  EXPECT_EQ(third.end_code(), 3504u);
  for (int i = 0; i < 3; ++i) join();
}

TEST_F(Connect, TakesPositionsForServerSideSubscriptionsButNoOtherWishes) {
  kept_ns("news").force_recovery = true;
  publish("news:b", "1", kept());
  const std::string got =
      connect(open(), with_token(R"({"sub":"ann","channels":["news:a","news:b"]})") +
                          R"(,"subs":{"news:a":{"tf":{"op":"nonsense"}},)"
                          R"("news:b":{"recover":true,"epoch":"other","offset":1,"flag":2}})");
  EXPECT_THAT(got, HasSubstr(R"("news:a":{)"));
  EXPECT_THAT(got, HasSubstr(R"("was_recovering":true)"));
  EXPECT_THAT(got, Not(HasSubstr(R"("recovered":true)")));
}

TEST_F(Connect, InInsecureModeEveryRequestedChannelIsGiven) {
  client.insecure = true;
  ns("closed").allow_subscribe_for_client = false;
  auto& limited = ns("mine");
  limited.allow_user_limited_channels = true;
  const std::string got = connect(open(), R"("subs":{"closed:a":{},"mine:x#":{},"mine:x#ann":{}})");
  for (const char* channel : {"closed:a", "mine:x#", "mine:x#ann"}) {
    EXPECT_THAT(got, HasSubstr("\"" + std::string(channel) + "\":{"));
  }
}

TEST_F(Connect, LimitsTheChannelsOfAToken) {
  ns("news");
  client.channel_limit = 1;
  Peer& peer = open();
  connect(peer, with_token(R"({"sub":"ann","channels":["news:a","news:b"]})"));
  EXPECT_EQ(peer.end_code(), 3505u);
}

TEST_F(Connect, TellsTheTimeIfAsked) {
  client.connect_include_server_time = true;
  EXPECT_THAT(connect(open()), HasSubstr(R"("time":)" + std::to_string(clock_.unix_ms())));
}

TEST_F(Connect, NamesSessionAndNodeWhereCommandsComeAnotherWay) {
  EXPECT_THAT(connect(open(kJson, {.emulation = true})), HasSubstr(R"("node":")" + node_->uid()));
}

TEST_F(Connect, OfAUnidirectionalClientIsAPush) {
  ns("news");
  Peer& peer = open(kUniJson);
  in_loop([&] { peer.session->on_connect_request(R"({"subs":{"news:a":{}}})"); });
  EXPECT_THAT(peer.last(), HasSubstr(R"({"connect":{"client":)"));
  EXPECT_THAT(peer.last(), HasSubstr(R"("session":")"));
  publish("news:a", "1");
  EXPECT_EQ(peer.last(), R"({"channel":"news:a","pub":{"data":1}})");
}

TEST_F(Connect, ErrorsEndUnidirectionalClients) {
  const std::string expired = "{" + with_token(R"({"sub":"ann","exp":)" + in_seconds(-1) + "}") + "}";
  Peer& peer = open(kUniJson);
  in_loop([&] { peer.session->on_connect_request(expired); });
  EXPECT_EQ(peer.end_code(), 3005u);

  client.connect_code_to_unidirectional_disconnect = {.enabled = true,
                                                      .transforms = {{.code = 109, .to = {4001, "later"}}}};
  configure();
  Peer& other = open(kUniJson);
  in_loop([&] { other.session->on_connect_request(expired); });
  EXPECT_EQ(other.end_code(), 4001u);
}

TEST_F(Connect, CountsClients) {
  Peer& peer = open();
  connect(peer, R"("name":"js","version":"1")");
  EXPECT_EQ(info().num_clients, 1u);
  in_loop([&] { peer.session->on_closed(); });
  EXPECT_EQ(info().num_clients, 0u);
}

TEST_F(Connect, RefreshMovesTheEnd) {
  client.ping_interval = {};
  Peer& peer = open();
  connect(peer, with_token(R"({"sub":"ann","exp":)" + in_seconds(60) + "}"));
  const auto refresh = [&](std::string_view claims) {
    return ask(peer, R"({"id":2,"refresh":{"token":")" + token(claims) + "\"}}");
  };
  EXPECT_EQ(refresh(R"({"sub":"ann","exp":)" + in_seconds(600) + "}"),
            R"({"id":2,"refresh":{"expires":true,"ttl":600}})");
  pass(90'000);  // after the first end and its grace
  EXPECT_FALSE(peer.end);
  EXPECT_EQ(refresh(R"({"sub":"ann"})"), R"({"id":2,"refresh":{}})");
  pass(900'000);  // and after the second
  EXPECT_FALSE(peer.end);
}

TEST_F(Connect, RefreshRefusesOtherUsersOtherChannelsAndExpiredTokens) {
  kept_ns("news");
  struct Case {
    std::string claims;
    std::uint32_t code;
  };
  for (const Case& c : {Case{R"({"sub":"bob"})", 3500}, Case{R"({"sub":"ann","channels":["news:a"]})", 3010},
                        Case{R"({"sub":"ann","exp":)" + in_seconds(-1) + "}", 3005}}) {
    Peer& peer = join("ann");
    say(peer, R"({"id":2,"refresh":{"token":")" + token(c.claims) + "\"}}");
    EXPECT_EQ(peer.end_code(), c.code) << c.claims;
  }
  Peer& peer = join("ann");
  EXPECT_THAT(ask(peer, R"({"id":2,"refresh":{"token":")" +
                            token(R"({"sub":"ann","channels":["missing:a"]})") + "\"}}"),
              HasSubstr(R"("error":{"code":102)"));
  say(peer, R"({"id":2,"refresh":{}})");
  EXPECT_EQ(peer.end_code(), 3501u);
}

}  // namespace
}  // namespace whirl::session
