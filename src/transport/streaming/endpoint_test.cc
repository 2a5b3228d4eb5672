#include "transport/streaming/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "http/server.h"
#include "net/runtime.h"
#include "testing/stream_pair.h"
#include "transport/streaming/connection.h"

namespace whirl::transport::streaming {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Writes down what the transport reports.
class FakeSession final : public session::Session {
 public:
  FakeSession(session::Connection& the_connection, session::ConnectionInfo the_info)
      : connection(the_connection), info(std::move(the_info)) {}

  void on_frame(std::string_view frame) override {
    frames.emplace_back(frame);
    if (frame == "pause") connection.pause_reading();
  }
  void on_native_pong() override {}
  void on_connect_request(std::string_view request) override {
    requests.emplace_back(request);
    if (request == R"({"token":"bad"})") connection.close(3500, "invalid token");
    if (request == R"({"token":"old"})") connection.close(109, "token expired");
  }
  void on_stalled() override { ++stalled; }
  void on_closed() override { ++closed; }
  void shutdown() override { connection.close(3001, "shutdown"); }
  std::string_view session_id() const override { return id; }

  session::Connection& connection;
  session::ConnectionInfo info;
  std::vector<std::string> frames;
  std::vector<std::string> requests;
  std::string id = "0b6a3c0e-7a5e-4d0e-9d0b-6f0f4f5b0a11";
  int stalled = 0;
  int closed = 0;
};

std::string post(std::string_view body, std::string_view more = "") {
  return fmt::format("POST /s HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), more,
                     body);
}

std::string get(std::string_view query) {
  return fmt::format("GET /s{} HTTP/1.1\r\nHost: x\r\n\r\n", query);
}

/// An HTTP server with one streaming endpoint on a loop that the test turns by hand, and one client socket.
class StreamingTest : public ::testing::Test {
 protected:
  void start(Options options) {
    endpoint_ =
        std::make_unique<Endpoint>(loop_, std::move(options), sessions_,
                                   [this](session::Connection& connection, session::ConnectionInfo info) {
                                     session_ = std::make_shared<FakeSession>(connection, std::move(info));
                                     return session_;
                                   });
    http::Router router;
    router.add(
        {.path = "/s",
         .filters = {[](http::Request&, http::Responder& responder) {
           responder.header("X-From-Filter", "yes");
           return true;
         }},
         .handler = [this](http::Request& request,
                           http::Responder responder) { endpoint_->handle(request, std::move(responder)); },
         .max_body = 100});
    server_ = std::make_unique<http::Server>(loop_, std::move(router));
    connect();
  }
  void connect() {
    testing::StreamPair pair(loop_);
    server_->accept(std::move(pair.stream));
    peer_ = testing::Client(std::move(pair.peer));
  }
  /// What comes back for a request.
  std::string ask(std::string_view request) {
    peer_.send(request);
    turn();
    return peer_.take();
  }
  std::string received() {
    turn();
    return peer_.take();
  }
  void turn() {
    for (int i = 0; i < 4; ++i) loop_.turn(0);
  }
  /// Runs in a turn of the loop, as everything that sessions and endpoints do.
  void in_loop(net::Loop::Task task) {
    loop_.post(std::move(task));
    turn();
  }
  void say(std::string_view message, protocol::Framing framing = protocol::Framing::lines) {
    in_loop([this, framing, text = std::string(message)] {
      session_->connection.send(protocol::frame(framing, text));
    });
  }
  emulation::Sessions::Delivery deliver(std::string_view data) {
    auto out = emulation::Sessions::Delivery::no_session;
    in_loop([&, text = std::string(data)] {
      Uuid id;
      ASSERT_TRUE(Uuid::parse(session_->id, id));
      sessions_.deliver(id, text, [&](emulation::Sessions::Delivery delivery) { out = delivery; });
    });
    return out;
  }

  ManualClock clock_;
  net::Runtime runtime_{1, clock_};
  net::Loop& loop_ = runtime_.loop(0);
  emulation::Sessions sessions_{runtime_};
  std::shared_ptr<FakeSession> session_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<http::Server> server_;
  testing::Client peer_;
};

TEST_F(StreamingTest, EachMessageIsAChunk) {
  start(Options::http_stream());
  const std::string head = ask(post("connect"));
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(head, HasSubstr("X-From-Filter: yes\r\n"));
  EXPECT_THAT(head, HasSubstr("X-Accel-Buffering: no\r\n"));
  EXPECT_THAT(head, EndsWith("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(session_->frames, ElementsAre("connect"));
  EXPECT_EQ(session_->info.transport, "http_stream");
  EXPECT_TRUE(session_->info.emulation);
  EXPECT_TRUE(session_->info.disconnect_push);
  EXPECT_EQ(session_->info.variant,
            (protocol::Variant{protocol::Encoding::json, protocol::Framing::lines, false}));
  say(R"({"id":1})");
  EXPECT_EQ(received(), "9\r\n{\"id\":1}\n\r\n");
  in_loop([this] { session_->connection.close(3501, "bad request"); });
  EXPECT_EQ(received(), "0\r\n\r\n");
  EXPECT_TRUE(peer_.ended());
  EXPECT_EQ(session_->closed, 1);
  EXPECT_EQ(endpoint_->connections(), 0u);
}

TEST_F(StreamingTest, OctetsAskForProtobuf) {
  start(Options::http_stream());
  EXPECT_THAT(ask(post("\xff", "Content-Type: application/octet-stream\r\n")),
              HasSubstr("Content-Type: application/octet-stream\r\n"));
  EXPECT_EQ(session_->info.variant.encoding, protocol::Encoding::protobuf);
  EXPECT_EQ(session_->info.variant.framing, protocol::Framing::length_prefixed);
  EXPECT_EQ(deliver("\x01z"), emulation::Sessions::Delivery::delivered);
  EXPECT_THAT(session_->frames, ElementsAre("\xff", "\x01z"));
}

TEST_F(StreamingTest, AnOldClientGetsABodyWithoutChunks) {
  start(Options::http_stream());
  const std::string head = ask("POST /s HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_THAT(head, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("chunked")));
  say("{}");
  in_loop([this] { session_->connection.close(3001, "shutdown"); });
  EXPECT_EQ(received(), "{}\n");
  EXPECT_TRUE(peer_.ended());
}

TEST_F(StreamingTest, EventsBeginWithAnEmptyLine) {
  start(Options::sse());
  const std::string answer = ask(get("?cf_connect=%7B%7D"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/event-stream; charset=utf-8\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n1\r\n\n\r\n"));
  EXPECT_THAT(session_->frames, ElementsAre("{}"));
  say("{}", protocol::Framing::events);
  EXPECT_EQ(received(), "a\r\ndata: {}\n\n\r\n");
}

TEST_F(StreamingTest, RefusesWhatIsNoRequestForAStream) {
  struct Case {
    Options options;
    std::string request;
    int status;
  };
  const Options uni_stream = Options::from(config::UniHTTPStream{});
  const Options uni_sse = Options::from(config::UniSSE{});
  const Case cases[] = {
      {Options::http_stream(), get(""), 405},
      {Options::http_stream(), post(std::string(101, 'x')), 413},
      {Options::http_stream(), post("\"\xff\""), 400},
      {Options::sse(), get(""), 400},
      {Options::sse(), "PUT /s HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {Options::sse(), "OPTIONS /s HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {uni_stream, get(""), 405},
      {uni_stream, post(""), 400},
      {uni_stream, post("{\"token\":5}"), 400},
      {uni_sse, get("?cf_connect=%7B"), 400},
      {uni_sse, post(""), 400},
  };
  for (const Case& c : cases) {
    start(c.options);
    EXPECT_THAT(ask(c.request), StartsWith(fmt::format("HTTP/1.1 {} ", c.status))) << c.request;
    EXPECT_FALSE(session_);
    server_.reset();
    turn();
  }
}

TEST_F(StreamingTest, AnswersPreflights) {
  start(Options::http_stream());
  const std::string answer = ask("OPTIONS /s HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(answer,
              HasSubstr("Access-Control-Max-Age: 300\r\nAccess-Control-Allow-Methods: POST, OPTIONS"));
}

TEST_F(StreamingTest, UnidirectionalClientsSendAConnectRequest) {
  start(Options::from(config::UniSSE{}));
  ask(get("?cf_connect=%7B%22name%22:%22a%22%7D"));
  EXPECT_THAT(session_->requests, ElementsAre(R"({"name":"a"})"));
  EXPECT_THAT(session_->frames, IsEmpty());
  EXPECT_FALSE(session_->info.emulation);
  EXPECT_TRUE(session_->info.variant.unidirectional);
  EXPECT_EQ(deliver("\"{}\""), emulation::Sessions::Delivery::no_session);
  connect();
  ask(get(""));
  EXPECT_THAT(session_->requests, ElementsAre(""));
}

TEST_F(StreamingTest, FailedConnectsBecomeAnswersIfConfigured) {
  config::UniHTTPStream config;
  config.connect_code_to_http_response.enabled = true;
  config.connect_code_to_http_response.transforms = {{109, {401, R"({"why":"expired"})"}}};
  start(Options::from(config));
  std::string answer = ask(post(R"({"token":"old"})"));
  EXPECT_TRUE(session_->info.raw_connect_errors);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 401 Unauthorized\r\n"));
  EXPECT_THAT(answer, HasSubstr("X-From-Filter: yes\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n{\"why\":\"expired\"}"));
  EXPECT_TRUE(peer_.ended());

  connect();
  answer = ask(post(R"({"token":"bad"})"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nInternal Server Error"));

  connect();
  EXPECT_EQ(ask(post("{}")), "");
  say("{}");
  EXPECT_THAT(received(), EndsWith("\r\n\r\n3\r\n{}\n\r\n"));
}

TEST_F(StreamingTest, TakesCommandsByEmulation) {
  using emulation::Sessions;
  start(Options::sse());
  ask(get("?cf_connect=a"));
  EXPECT_EQ(deliver(R"("{\"id\":2}")"), Sessions::Delivery::delivered);
  EXPECT_EQ(deliver(R"({"id":2})"), Sessions::Delivery::malformed);
  EXPECT_EQ(deliver("\"open"), Sessions::Delivery::malformed);
  EXPECT_EQ(deliver(""), Sessions::Delivery::malformed);
  EXPECT_THAT(session_->frames, ElementsAre("a", R"({"id":2})"));
  in_loop([this] { session_->connection.close(3503, "force disconnect"); });
  EXPECT_EQ(deliver("\"late\""), Sessions::Delivery::no_session);
}

TEST_F(StreamingTest, CommandsThatWaitAreBounded) {
  start(Options::sse());
  ask(get("?cf_connect=pause"));
  const std::string data = "\"" + std::string(Connection::kMaxWaiting - 2, 'x') + "\"";
  deliver(data);
  EXPECT_EQ(session_->closed, 0);
  session_->connection.resume_reading();
  session_->connection.pause_reading();
  deliver(data);
  EXPECT_EQ(session_->closed, 0);
  deliver("\"\"");
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(StreamingTest, KeepsOnlyTheHeadersThatSessionsNeed) {
  Options options = Options::http_stream();
  options.kept_headers = {"X-USER"};
  start(std::move(options));
  ask(post("{}", "X-User: ann\r\nCookie: large\r\n"));
  EXPECT_THAT(session_->info.headers, ElementsAre(std::pair<std::string, std::string>("x-user", "ann")));
}

TEST_F(StreamingTest, EndsTheSessionWhenTheClientIsGone) {
  start(Options::http_stream());
  ask(post("{}"));
  peer_.close();
  turn();
  EXPECT_EQ(session_->closed, 1);
  EXPECT_EQ(endpoint_->connections(), 0u);
}

TEST_F(StreamingTest, CutsOffAClientThatTakesNothing) {
  start(Options::http_stream());
  ask(post("{}"));
  const std::string large(60'000, 'x');
  for (int i = 0; i < 100; ++i) say(large);
  ASSERT_GT(session_->connection.queued_bytes(), 0u);
  for (std::int64_t ms : {1000, 1}) {
    EXPECT_EQ(session_->closed, 0);
    clock_.advance(ms);
    turn();
  }
  say(large);
  EXPECT_EQ(session_->stalled, 1);
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(StreamingTest, ShutdownEndsEverySession) {
  start(Options::http_stream());
  ask(post("{}"));
  in_loop([this] { endpoint_->shutdown(1); });
  EXPECT_EQ(received(), "0\r\n\r\n");
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(StreamingTest, AConnectionIsSmall) {
  EXPECT_LE(sizeof(Connection), 128u);
}

}  // namespace
}  // namespace whirl::transport::streaming
