#include "http/server.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "http/filters.h"
#include "http/server_connection.h"
#include "testing/stream_pair.h"

namespace whirl::http {
namespace {

using testing::Client;

/// A server on a loop that the test turns by hand.
class HttpServerTest : public ::testing::Test {
 protected:
  void route(std::string path, Handler handler, std::uint64_t max_body = 1000,
             std::vector<Filter> filters = {}) {
    router_.add({std::move(path), std::move(filters), std::move(handler), max_body});
  }
  void echo() {
    route("/echo", [this](Request& request, Responder responder) {
      served_.emplace_back(request.body);
      responder.reply(200, "text/plain", request.body);
    });
  }
  void later() {
    route("/later", [this](Request& request, Responder responder) {
      served_.emplace_back(request.query);
      waiting_.push_back(std::move(responder));
    });
  }

  Client connect() {
    if (!server_) server_ = std::make_unique<Server>(loop_, std::move(router_), options_);
    testing::StreamPair pair(loop_);
    server_->accept(std::move(pair.stream));
    return Client(std::move(pair.peer));
  }
  void turn(int times = 4) {
    for (int i = 0; i < times; ++i) loop_.turn(0);
  }
  void pass(std::int64_t ms) {
    clock_.advance(ms);
    turn();
  }

  ManualClock clock_;
  net::Loop loop_{0, clock_};
  Router router_;
  ServerOptions options_;
  std::vector<Responder> waiting_;
  std::vector<std::string> served_;
  std::unique_ptr<Server> server_;
};

std::string get(std::string_view target) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target);
}
std::string post(std::string_view target, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", target, body.size(),
                     body);
}
int count(std::string_view text, std::string_view part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  echo();
  Client peer = connect();
  peer.send(post("/echo", "one"));
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"));
  EXPECT_TRUE(peer.received().ends_with("Content-Length: 3\r\n\r\none"));
  peer.send(post("/echo", "two"));
  turn();
  EXPECT_TRUE(peer.received().ends_with("two"));
  EXPECT_FALSE(peer.ended());
}

TEST_F(HttpServerTest, TakesARequestByteByByte) {
  echo();
  Client peer = connect();
  for (char c : post("/echo", "slow")) {
    peer.send({&c, 1});
    turn(1);
  }
  turn();
  EXPECT_TRUE(peer.received().ends_with("\r\n\r\nslow"));
  EXPECT_EQ(served_, std::vector<std::string>{"slow"});
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  echo();
  later();
  Client peer = connect();
  peer.send(get("/later?1") + post("/echo", "second") + get("/later?3") + post("/echo", "fourth"));
  turn();
  EXPECT_EQ(served_, std::vector<std::string>{"1"});
  EXPECT_EQ(peer.received(), "");
  waiting_[0].reply(200, "text/plain", "first");
  turn();
  EXPECT_EQ(served_, (std::vector<std::string>{"1", "second", "3"}));
  waiting_[1].reply(200, "text/plain", "third");
  turn();
  std::string_view all = peer.received();
  EXPECT_EQ(count(all, "HTTP/1.1 200 OK"), 4);
  EXPECT_LT(all.find("first"), all.find("second"));
  EXPECT_LT(all.find("second"), all.find("third"));
  EXPECT_TRUE(all.ends_with("fourth"));
}

TEST_F(HttpServerTest, AnswersManyPipelinedRequestsOverSeveralTurns) {
  echo();
  Client peer = connect();
  constexpr std::size_t kMany = 1000;
  std::string many;
  for (std::size_t i = 0; i < kMany; ++i) many += post("/echo", std::to_string(i));
  peer.send(many);
  const std::size_t most = 2 * ServerConnection::kMaxAtOnce;  // at reading and among what is left over
  for (std::size_t before = 0; before < kMany; before = served_.size()) {
    turn(1);
    ASSERT_GT(served_.size(), before);
    EXPECT_LE(served_.size() - before, most);
  }
  EXPECT_EQ(served_.back(), std::to_string(kMany - 1));
}

TEST_F(HttpServerTest, AnswersWhatCameBeforeTheEnd) {
  echo();
  Client peer = connect();
  constexpr std::size_t kMany = 20 * ServerConnection::kMaxAtOnce;
  std::string many;
  for (std::size_t i = 0; i < kMany; ++i) many += post("/echo", "x");
  peer.send(many);
  peer.shut_down();
  for (int i = 0; i < 100; ++i) turn(1);
  EXPECT_EQ(static_cast<std::size_t>(count(peer.received(), "200 OK")), kMany);
}

TEST_F(HttpServerTest, ReadsNoMoreRequestsThanItAnswers) {
  echo();
  Client peer = connect();
  const std::string one = post("/echo", "x");
  std::string many;
  while (many.size() < 2 * ServerConnection::kMaxPipelined) many += one;
  std::size_t sent = 0;
  for (int i = 0; i < 200; ++i) {
    // What the socket does not take of a request would be missing from the next one.
    for (std::size_t left = many.size() - sent % many.size(); left > 0;) {
      const std::size_t took = peer.send_some(std::string_view(many).substr(many.size() - left));
      sent += took;
      left -= took;
      if (took == 0) break;
    }
    turn(1);
    peer.take();
  }
  const std::size_t in_sockets = 1024 * 1024;
  EXPECT_LE(sent, served_.size() * one.size() + 4 * ServerConnection::kMaxPipelined + in_sockets);
}

TEST_F(HttpServerTest, LeavesMoreThanSomePipelinedBytesInTheSocket) {
  later();
  Client peer = connect();
  std::string many;
  while (many.size() < ServerConnection::kMaxPipelined / 2) many += get("/later");
  for (int i = 0; i < 3; ++i) {
    peer.send(many);
    turn();
  }
  std::size_t expected = 3 * many.size() / get("/later").size();
  for (std::size_t i = 0; i < expected; ++i) {
    ASSERT_EQ(waiting_.size(), i + 1);
    waiting_[i].empty(200);
    turn();
    peer.received();
  }
  EXPECT_EQ(static_cast<std::size_t>(count(peer.received(), "200 OK")), expected);
}

TEST_F(HttpServerTest, StopsServingAClientThatDoesNotReadItsAnswers) {
  std::string large(300'000, 'x');
  route("/large", [&](Request&, Responder responder) {
    served_.emplace_back();
    responder.reply(200, "text/plain", large);
  });
  Client peer = connect();
  std::string requests;
  for (int i = 0; i < 40; ++i) requests += get("/large");
  peer.send(requests);
  turn();
  EXPECT_LT(served_.size(), 12u);
  for (int i = 0; i < 2000 && count(peer.received(), "200 OK") < 40; ++i) turn(1);
  EXPECT_EQ(served_.size(), 40u);
}

TEST_F(HttpServerTest, TakesChunkedBodies) {
  echo();
  Client peer = connect();
  peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2");
  turn();
  peer.send("\r\nde\r\n0\r\n\r\n" + post("/echo", "next"));
  turn();
  EXPECT_EQ(served_, (std::vector<std::string>{"abcde", "next"}));
}

TEST_F(HttpServerTest, InvitesTheBodyOfAClientThatAsksFirst) {
  echo();
  Client peer = connect();
  peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  turn();
  EXPECT_EQ(peer.received(), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("ok");
  turn();
  EXPECT_TRUE(peer.received().ends_with("\r\n\r\nok"));
}

TEST_F(HttpServerTest, RefusesBodiesAboveTheLimitOfTheRoute) {
  echo();
  for (std::string request :
       {post("/echo", std::string(1001, 'x')),
        std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"),
        std::string("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n")}) {
    Client peer = connect();
    peer.send(request);
    turn();
    EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 413 ")) << peer.received();
    EXPECT_NE(peer.received().find("Connection: close"), std::string::npos);
    EXPECT_TRUE(peer.ended());
  }
  EXPECT_TRUE(served_.empty());
}

TEST_F(HttpServerTest, FiltersRunBeforeTheBodyIsRead) {
  route("/guarded", [](Request&, Responder responder) { responder.empty(200); }, 1000,
        {require_method("POST")});
  Client peer = connect();
  peer.send("PUT /guarded HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n");
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 405 Method Not Allowed\r\nDate"));
  EXPECT_TRUE(peer.ended());
}

TEST_F(HttpServerTest, AddsCorsHeadersForAllowedOrigins) {
  auto rule = std::make_shared<OriginRule>(*OriginRule::create({"https://good.example"}));
  route("/c", [](Request&, Responder responder) { responder.empty(200); }, 1000, {cors(rule)});
  Client peer = connect();
  peer.send(
      "GET /c HTTP/1.1\r\nHost: x\r\nOrigin: https://good.example\r\nAccess-Control-Request-Headers: a, "
      "b\r\n\r\n");
  turn();
  for (std::string_view line :
       {"Access-Control-Allow-Origin: https://good.example\r\n", "Access-Control-Allow-Headers: a, b\r\n",
        "Access-Control-Allow-Credentials: true\r\n"}) {
    EXPECT_NE(peer.received().find(line), std::string::npos) << line;
  }
  Client denied = connect();
  denied.send("GET /c HTTP/1.1\r\nHost: x\r\nOrigin: https://bad.example\r\n\r\n");
  turn();
  EXPECT_TRUE(denied.received().starts_with("HTTP/1.1 200 OK"));
  EXPECT_EQ(denied.received().find("Access-Control"), std::string::npos);
}

TEST_F(HttpServerTest, AnswersUnknownPathsWith404) {
  Client peer = connect();
  peer.send(get("/nowhere"));
  turn();
  EXPECT_TRUE(
      peer.received().starts_with("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_TRUE(peer.received().ends_with("\r\n\r\n404 page not found\n"));
  EXPECT_FALSE(peer.ended());
}

TEST_F(HttpServerTest, ClosesAfterAMalformedRequest) {
  Client peer = connect();
  peer.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 505 "));
  EXPECT_TRUE(peer.received().ends_with("505 HTTP Version Not Supported: unsupported protocol version"));
  EXPECT_TRUE(peer.ended());
}

TEST_F(HttpServerTest, BoundsTheHead) {
  Client peer = connect();
  peer.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(options_.head.bytes, 'a'));
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 431 ")) << peer.received();
  EXPECT_TRUE(peer.ended());
}

TEST_F(HttpServerTest, LeavesOutTheBodyOfAHeadRequest) {
  echo();
  Client peer = connect();
  peer.send("HEAD /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" + get("/nowhere"));
  turn();
  EXPECT_NE(peer.received().find("Content-Length: 2\r\n\r\nHTTP/1.1 404"), std::string::npos)
      << peer.received();
}

TEST_F(HttpServerTest, ClosesWhenTheClientAskedFor) {
  echo();
  Client peer = connect();
  peer.send("GET /echo HTTP/1.0\r\n\r\n");
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(peer.ended());
}

TEST_F(HttpServerTest, DropsClientsThatAreSlowToSendARequest) {
  echo();
  Client silent = connect();
  Client slow = connect();
  slow.send("GET / HT");
  turn();
  pass(9'000);
  EXPECT_FALSE(silent.ended());
  slow.send("TP");
  turn();
  EXPECT_FALSE(slow.ended());
  pass(1'001);
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(slow.ended());
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(HttpServerTest, DropsIdleClientsAndThoseWhoseBodyDoesNotCome) {
  echo();
  Client idle = connect();
  idle.send(get("/echo"));
  Client slow = connect();
  slow.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
  turn();
  pass(29'000);
  EXPECT_FALSE(idle.ended());
  EXPECT_FALSE(slow.ended());
  pass(1'001);
  EXPECT_TRUE(idle.ended());
  EXPECT_TRUE(slow.ended());
}

TEST_F(HttpServerTest, AnAnswerMayTakeLongerThanTheIdleTime) {
  later();
  Client peer = connect();
  peer.send(get("/later"));
  turn();
  pass(120'000);
  waiting_[0].empty(200);
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, AnAnswerToAConnectionThatEndedVanishes) {
  later();
  Client peer = connect();
  peer.send(get("/later"));
  turn();
  EXPECT_TRUE(waiting_[0].open());
  server_.reset();
  EXPECT_FALSE(waiting_[0].open());
  waiting_[0].empty(200);
}

TEST_F(HttpServerTest, AForgottenRequestIsAnsweredWith500) {
  route("/forgets", [](Request&, Responder) {});
  Client peer = connect();
  peer.send(get("/forgets"));
  turn();
  EXPECT_TRUE(peer.received().starts_with("HTTP/1.1 500 "));
}

TEST_F(HttpServerTest, AnswersAClientThatHasEndedItsSide) {
  later();
  Client peer = connect();
  peer.send(get("/later"));
  peer.shut_down();
  turn();
  waiting_[0].reply(200, "text/plain", "late");
  turn();
  EXPECT_TRUE(peer.received().ends_with("late"));
  EXPECT_TRUE(peer.ended());
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(HttpServerTest, HandsOverTheStreamWithWhatCameBehindTheRequest) {
  Upgraded upgraded;
  route("/up", [&](Request&, Responder responder) { upgraded = responder.upgrade(); });
  Client peer = connect();
  peer.send(get("/up") + "early");
  turn();
  ASSERT_TRUE(upgraded.stream);
  EXPECT_EQ(upgraded.early, "early");
  EXPECT_EQ(server_->connections(), 0u);
  upgraded.stream->write("mine");
  turn();
  EXPECT_EQ(peer.received(), "mine");
  EXPECT_FALSE(peer.ended());
}

TEST_F(HttpServerTest, ShutdownLetsAnswersOutAndClosesTheRest) {
  later();
  Client idle = connect();
  Client busy = connect();
  busy.send(get("/later"));
  turn();
  server_->shutdown();
  turn();
  EXPECT_TRUE(idle.ended());
  EXPECT_FALSE(busy.ended());
  waiting_[0].empty(200);
  turn();
  EXPECT_TRUE(busy.received().starts_with("HTTP/1.1 200 OK"));
  EXPECT_NE(busy.received().find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy.ended());
}

}  // namespace
}  // namespace whirl::http
