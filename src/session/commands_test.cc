#include <gmock/gmock.h>

#include "session/commands/list.h"
#include "testing/session_fixture.h"

namespace whirl::session {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Commands : public SessionFixture {
 protected:
  static std::string error(std::uint32_t code) {
    return R"({"id":2,"error":{"code":)" + std::to_string(code);
  }
};

TEST_F(Commands, AreListedInTheOrderOfTheProtocol) {
  const auto rows = command_list();
  ASSERT_EQ(rows.size(), protocol::kCommands.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].method, protocol::kCommands[i].method);
}

TEST_F(Commands, TakeAChannel) {
  for (const auto& kind : protocol::kCommands) {
    if (kind.name == "connect" || kind.name == "rpc" || kind.name == "send" || kind.name == "refresh")
      continue;
    Peer& peer = join();
    say(peer, R"({"id":2,")" + std::string(kind.name) + R"(":{}})");
    EXPECT_EQ(peer.end_code(), 3501u) << kind.name;
  }
}

TEST_F(Commands, NeedAnIdAndAMethod) {
  for (const char* text : {R"({"id":2})", R"({"subscribe":{"channel":"a"}})", R"({"id":2,"ping":{}})",
                           "nonsense", "{}", "null", "[]", R"({"id":2,"rpc":{}}x)"}) {
    Peer& peer = join();
    say(peer, text);
    if (std::string_view(text).ends_with('x')) {
      EXPECT_FALSE(peer.end);
    } else {
      EXPECT_EQ(peer.end_code(), 3501u) << text;
    }
  }
}

TEST_F(Commands, AreAnsweredUpToTheFirstBrokenOne) {
  ns("open");
  Peer& peer = join();
  say(peer, "{\"id\":2,\"subscribe\":{\"channel\":\"open:a\"}}\n{\"id\":3,\"rpc\":{}}\n{\"id\":4,\"subs");
  EXPECT_THAT(peer.hears(), ElementsAre(R"({"id":2,"subscribe":{}})", HasSubstr(R"({"id":3,"error")")));
  EXPECT_EQ(peer.end_code(), 3501u);
}

TEST_F(Commands, PublishWhereOptionsAllowIt) {
  ns("client").allow_publish_for_client = true;
  ns("subs").allow_publish_for_subscriber = true;
  ns("none");
  Peer& ann = join("ann");
  EXPECT_EQ(ask(ann, R"({"id":2,"publish":{"channel":"client:a","data":{}}})"), R"({"id":2,"publish":{}})");
  EXPECT_THAT(ask(join(), R"({"id":2,"publish":{"channel":"client:a","data":{}}})"), HasSubstr(error(103)));
  EXPECT_THAT(ask(ann, R"({"id":2,"publish":{"channel":"none:a","data":{}}})"), HasSubstr(error(103)));
  EXPECT_THAT(ask(ann, R"({"id":2,"publish":{"channel":"missing:a","data":{}}})"), HasSubstr(error(102)));
  EXPECT_THAT(ask(ann, R"({"id":2,"publish":{"channel":"client:a"}})"), HasSubstr(error(107)));
  EXPECT_THAT(ask(ann, R"({"id":2,"publish":{"channel":"subs:a","data":{}}})"), HasSubstr(error(103)));
  ask(ann, R"({"id":2,"subscribe":{"channel":"subs:a"}})");
  say(ann, R"({"id":3,"publish":{"channel":"subs:a","data":{"n":1}}})");
  const auto heard = ann.hears();
  ASSERT_EQ(heard.size(), 3u);  // the client's own publication comes before the reply
  EXPECT_THAT(heard[1], HasSubstr(R"("pub":{"data":{"n":1},"info":{"user":"ann")"));
  EXPECT_EQ(heard[2], R"({"id":3,"publish":{}})");
}

TEST_F(Commands, PublishKeepsHistory) {
  auto& open = kept_ns("kept");
  open.allow_publish_for_client = open.allow_history_for_client = true;
  Peer& peer = join("ann");
  for (int n = 1; n <= 3; ++n) {
    say(peer, R"({"id":2,"publish":{"channel":"kept:a","data":)" + std::to_string(n) + "}}");
  }
  const auto history = [&](std::string_view fields) {
    return ask(peer, R"({"id":2,"history":{"channel":"kept:a")" + std::string(fields) + "}}");
  };
  EXPECT_THAT(history(""), HasSubstr(R"("offset":3)"));
  EXPECT_THAT(history(R"(,"limit":-1,"reverse":true)"), HasSubstr(R"([{"data":3,)"));
  EXPECT_THAT(history(R"(,"limit":1,"since":{"offset":1})"), HasSubstr(R"([{"data":2,)"));
  EXPECT_THAT(history(R"(,"limit":1,"since":{"offset":1,"epoch":"other"})"), HasSubstr(error(112)));
  EXPECT_THAT(history(R"(,"limit":1,"since":{},"reverse":true)"), HasSubstr(error(107)));
  client.history_max_publication_limit = 1;
  configure();
  EXPECT_THAT(history(R"(,"limit":-1)"), HasSubstr(R"("offset":1,"epoch":)"));
  EXPECT_THAT(history(R"(,"limit":-1)"), ::testing::Not(HasSubstr(R"("data":2)")));
}

TEST_F(Commands, HistoryAndPresenceFollowOptions) {
  ns("off").allow_history_for_client = true;
  kept_ns("hsub").allow_history_for_subscriber = true;
  auto& room = ns("room");
  room.presence = room.allow_presence_for_subscriber = true;
  Peer& peer = join("ann");
  EXPECT_THAT(ask(peer, R"({"id":2,"history":{"channel":"off:a"}})"), HasSubstr(error(108)));
  EXPECT_THAT(ask(peer, R"({"id":2,"history":{"channel":"hsub:a"}})"), HasSubstr(error(103)));
  EXPECT_THAT(ask(peer, R"({"id":2,"presence":{"channel":"off:a"}})"), HasSubstr(error(108)));
  EXPECT_THAT(ask(peer, R"({"id":2,"presence":{"channel":"room:a"}})"), HasSubstr(error(103)));
  EXPECT_THAT(ask(peer, R"({"id":2,"presence_stats":{"channel":"missing:a"}})"), HasSubstr(error(102)));
  ask(peer, R"({"id":2,"subscribe":{"channel":"room:a"}})");
  EXPECT_THAT(ask(peer, R"({"id":2,"presence":{"channel":"room:a"}})"),
              HasSubstr(R"({"user":"ann","client":)"));
  EXPECT_EQ(ask(peer, R"({"id":2,"presence_stats":{"channel":"room:a"}})"),
            R"({"id":2,"presence_stats":{"num_clients":1,"num_users":1}})");
}

TEST_F(Commands, ABinaryPayloadEndsAJsonClient) {
  kept_ns("kept").allow_history_for_client = true;
  publish("kept:a", "\x01\x02", kept(10));
  Peer& peer = join("ann");
  say(peer, R"({"id":2,"history":{"channel":"kept:a","limit":1}})");
  EXPECT_EQ(peer.end_code(), 3506u);

  ns("open");
  configure();
  Peer& reader = join();
  say(reader, R"({"id":2,"subscribe":{"channel":"open:a"}})");
  publish("open:a", "\x01\x02");
  EXPECT_EQ(reader.end_code(), 3506u);
}

TEST_F(Commands, RpcAndSendHaveNoHandlers) {
  Peer& peer = join();
  EXPECT_THAT(ask(peer, R"({"id":2,"rpc":{"method":"x"}})"), HasSubstr(error(108)));
  say(peer, R"({"send":{"data":{}}})");
  EXPECT_EQ(peer.end_code(), 3508u);
}

TEST_F(Commands, RpcMayAnswerPings) {
  rpc.ping.enabled = true;
  Peer& peer = join();
  EXPECT_EQ(ask(peer, R"({"id":2,"rpc":{"method":"ping"}})"), R"({"id":2,"rpc":{}})");
  EXPECT_THAT(ask(peer, R"({"id":2,"rpc":{"method":"x"}})"), HasSubstr(error(104)));
}

/// Sessions over a broker that answers when it is told to.
class Waiting : public SessionFixture {
 protected:
  Waiting() {
    auto slow = std::make_unique<testing::SlowBroker>();
    broker_ = slow.get();
    auto engine = testing::memory_engine();
    auto kept = std::make_shared<std::unique_ptr<broker::Broker>>(std::move(slow));
    engine.broker = [kept](net::Loop&) { return std::move(*kept); };
    make_node(std::move(engine));
    ns("open").allow_publish_for_client = true;
  }
  void confirm(std::size_t i) {
    in_loop([&] { broker_->subscribes.at(i).second({}); });
  }

  testing::SlowBroker* broker_;
};

TEST_F(Waiting, CommandsWaitForTheOneBefore) {
  Peer& peer = join("ann");
  say(peer, "{\"id\":2,\"subscribe\":{\"channel\":\"open:a\"}}\n{\"id\":3,\"rpc\":{}}");
  say(peer, R"({"id":4,"unsubscribe":{"channel":"open:a"}})");
  EXPECT_TRUE(peer.paused);
  EXPECT_EQ(peer.last(), "");
  confirm(0);
  EXPECT_THAT(peer.hears(), ElementsAre(R"({"id":2,"subscribe":{}})", HasSubstr(R"({"id":3,"error")"),
                                        R"({"id":4,"unsubscribe":{}})"));
  EXPECT_FALSE(peer.paused);
}

TEST_F(Waiting, CommandsMayOverlapIfConcurrencyIsOn) {
  client.concurrency = 3;
  Peer& peer = join("ann");
  say(peer,
      "{\"id\":2,\"subscribe\":{\"channel\":\"open:a\"}}\n{\"id\":3,\"rpc\":{}}\n"
      "{\"id\":4,\"unsubscribe\":{\"channel\":\"open:a\"}}");
  EXPECT_THAT(peer.hears(), ElementsAre(HasSubstr(R"({"id":3,"error")")));
  confirm(0);
  EXPECT_THAT(peer.hears(), ElementsAre(R"({"id":2,"subscribe":{}})", R"({"id":4,"unsubscribe":{}})"));
}

TEST_F(Waiting, NothingOvertakesAnUnsubscribeThatWaits) {
  client.concurrency = 8;
  Peer& peer = join("ann");
  say(peer,
      "{\"id\":2,\"subscribe\":{\"channel\":\"open:a\"}}\n{\"id\":3,\"unsubscribe\":{\"channel\":\"open:a\"}}"
      "\n"
      "{\"id\":4,\"subscribe\":{\"channel\":\"open:a\"}}\n{\"id\":5,\"rpc\":{}}");
  EXPECT_THAT(peer.hears(), ElementsAre());
  confirm(0);
  EXPECT_THAT(peer.hears(), ElementsAre(R"({"id":2,"subscribe":{}})", R"({"id":3,"unsubscribe":{}})",
                                        HasSubstr(R"({"id":5,"error")")));
  in_loop([&] { broker_->unsubscribes.at(0).second({}); });
  confirm(1);
  EXPECT_THAT(peer.hears(), ElementsAre(R"({"id":4,"subscribe":{}})"));
}

TEST_F(Waiting, AnUnsubscribeIsAnsweredThoughTheSubscribeFailed) {
  client.concurrency = 8;
  auto& kept = kept_ns("kept");
  kept.force_recovery = true;
  Peer& peer = join("ann");
  say(peer, R"({"id":2,"subscribe":{"channel":"kept:a","recover":true,"offset":7,"epoch":"x","flag":2}})");
  say(peer, "{\"id\":3,\"unsubscribe\":{\"channel\":\"kept:a\"}}\n{\"id\":4,\"rpc\":{}}");
  EXPECT_THAT(peer.hears(), ElementsAre());
  confirm(0);
  in_loop([&] {
    broker::HistoryResult history;
    history.top = {1, "y"};
    broker_->reads.at(0).done(std::move(history));
  });
  EXPECT_THAT(peer.hears(), ElementsAre(HasSubstr("\"code\":112"), R"({"id":3,"unsubscribe":{}})",
                                        HasSubstr(R"({"id":4,"error")")));
}

TEST_F(Waiting, AnEndDropsWhatIsUnderWay) {
  Peer& peer = join("ann");
  say(peer, "{\"id\":2,\"subscribe\":{\"channel\":\"open:a\"}}\n{\"id\":3,\"rpc\":{}}");
  in_loop([&] { peer.session->on_closed(); });
  confirm(0);
  EXPECT_EQ(peer.last(), "");
  EXPECT_EQ(info().num_subs, 0u);
}

TEST_F(Waiting, AFailureOfTheBrokerEndsTheConnection) {
  Peer& peer = join("ann");
  say(peer, R"({"id":2,"subscribe":{"channel":"open:a"}})");
  in_loop([&] { broker_->subscribes.at(0).second(fail("the broker is away")); });
  EXPECT_EQ(peer.end_code(), 3004u);
  Peer& other = join("ann");
  say(other, R"({"id":2,"publish":{"channel":"open:b","data":1}})");
  in_loop([&] { broker_->publishes.at(0)(fail("the broker is away")); });
  EXPECT_EQ(other.last(),
            R"({"id":2,"error":{"code":100,"message":"internal server error","temporary":true}})");
}

TEST_F(Waiting, NothingOvertakesTheConnectCommand) {
  client.concurrency = 3;
  Peer& peer = open();
  say(peer, R"({"id":1,"connect":{"token":")" + token(R"({"sub":"ann","channels":["open:a"]})") + "\"}}\n" +
                R"({"id":2,"rpc":{}})");
  say(peer, R"({"id":3,"rpc":{}})");
  EXPECT_EQ(peer.last(), "");
  confirm(0);
  const auto heard = peer.hears();
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_THAT(heard[0], HasSubstr(R"({"id":1,"connect")"));
  EXPECT_THAT(heard[1], HasSubstr(R"({"id":2,"error")"));
  EXPECT_THAT(heard[2], HasSubstr(R"({"id":3,"error")"));
  EXPECT_FALSE(peer.paused);
}

TEST_F(Waiting, PushesWaitForTheConnectReply) {
  Peer& peer = open();
  say(peer,
      R"({"id":1,"connect":{"token":")" + token(R"({"sub":"ann","channels":["open:a","open:b"]})") + "\"}}");
  confirm(0);
  in_loop([&] { broker_->sink->on_publication("open:a", testing::publication(0, "1"), "", false, nullptr); });
  EXPECT_EQ(peer.last(), "");
  confirm(1);
  const auto heard = peer.hears();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_THAT(heard[0], HasSubstr("connect"));
  EXPECT_THAT(heard[1], HasSubstr(R"("pub":{"data":1})"));
}

/// Channels belong to either of two loops, so some answers come from the other one.
class TwoLoops : public SessionFixture {
 protected:
  TwoLoops() { make_node(testing::memory_engine(), {}, 2); }
};

TEST_F(TwoLoops, AClientSeesItsOwnJoinBeforeItsNextCommandRuns) {
  auto& room = ns("room");
  room.join_leave = room.force_push_join_leave = true;
  Peer& peer = join("ann");
  for (const std::string name : {"room:a", "room:b", "room:c", "room:d"}) {
    peer.hears();
    say(peer, R"({"id":2,"subscribe":{"channel":")" + name + "\"}}\n" +
                  R"({"id":3,"unsubscribe":{"channel":")" + name + "\"}}\n" +
                  R"({"id":4,"subscribe":{"channel":")" + name + "\"}}");
    EXPECT_THAT(peer.hears(),
                ElementsAre(R"({"id":2,"subscribe":{}})", HasSubstr("join"), R"({"id":3,"unsubscribe":{}})",
                            R"({"id":4,"subscribe":{}})", HasSubstr("join")));
  }
}

}  // namespace
}  // namespace whirl::session
