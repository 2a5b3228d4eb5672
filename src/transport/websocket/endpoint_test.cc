#include "transport/websocket/endpoint.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "http/server.h"
#include "protocol/deflate.h"
#include "testing/stream_pair.h"
#include "transport/websocket/connection.h"
#include "transport/websocket/handshake.h"

namespace whirl::transport::websocket {
namespace {

/// Writes down what the transport reports.
class FakeSession final : public session::Session {
 public:
  FakeSession(session::Connection& the_connection, session::ConnectionInfo the_info)
      : connection(the_connection), info(std::move(the_info)) {}

  void on_frame(std::string_view frame) override {
    frames.emplace_back(frame);
    if (frame == "close me") connection.close(3501, "bad request");
    if (frame == "pause") connection.pause_reading();
  }
  void on_native_pong() override { ++pongs; }
  void on_connect_request(std::string_view request) override { requests.emplace_back(request); }
  void on_stalled() override { ++stalled; }
  void on_closed() override { ++closed; }
  void shutdown() override { connection.close(3001, "shutdown"); }

  session::Connection& connection;
  session::ConnectionInfo info;
  std::vector<std::string> frames;
  std::vector<std::string> requests;
  int pongs = 0;
  int stalled = 0;
  int closed = 0;
};

constexpr int kCompressed = 0x40;  // beside the opcode

std::string client_frame(std::string_view payload, int opcode = 1) {
  std::string out{static_cast<char>(0x80 | opcode)};
  if (payload.size() > 125) {
    out += static_cast<char>(0xfe);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(0x80 | payload.size());
  }
  out += "abcd";
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ "abcd"[i % 4]);
  return out;
}

std::string server_frame(std::string_view payload, int opcode) {
  std::string out{static_cast<char>(0x80 | opcode), static_cast<char>(payload.size())};
  return out.append(payload);
}

std::string close_payload(int code, std::string_view reason) {
  std::string out{static_cast<char>(code >> 8), static_cast<char>(code)};
  return out.append(reason);
}

constexpr std::string_view kRequest =
    "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// An HTTP server with a WebSocket endpoint on a loop that the test turns by hand, and one client socket.
class WebSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.max_message = 200;
    options_.compression.max_inflated = 1000;
    options_.write_timeout_ms = 1000;
    options_.on_outgoing_close = [this](std::uint32_t code) { outgoing_closes_.push_back(code); };
    options_.origins =
        std::make_shared<http::OriginRule>(*http::OriginRule::create({"https://good.example"}));
  }

  void start() {
    endpoint_ = std::make_unique<Endpoint>(
        loop_, options_, [this](session::Connection& connection, session::ConnectionInfo info) {
          session_ = std::make_shared<FakeSession>(connection, std::move(info));
          return session_;
        });
    http::Router router;
    router.add(
        {.path = "/ws", .filters = {}, .handler = [this](http::Request& request, http::Responder responder) {
           endpoint_->handle(request, std::move(responder));
         }});
    server_ = std::make_unique<http::Server>(loop_, std::move(router));
    testing::StreamPair pair(loop_);
    server_->accept(std::move(pair.stream));
    peer_ = testing::Client(std::move(pair.peer));
  }
  void send(std::string_view bytes) {
    peer_.send(bytes);
    turn();
  }
  std::string received() { return peer_.take(); }
  bool ended() { return peer_.ended(); }
  void turn() {
    for (int i = 0; i < 4; ++i) loop_.turn(0);
  }
  void handshake(std::string_view more = "") {
    start();
    send(std::string(kRequest).append(more).append("\r\n"));
    EXPECT_TRUE(received().starts_with("HTTP/1.1 101 "));
    ASSERT_TRUE(session_);
  }

  const SharedBytes large_ = protocol::frame(protocol::Framing::websocket_text, std::string(60'000, 'x'));
  ManualClock clock_;
  net::Loop loop_{0, clock_};
  std::vector<std::uint32_t> outgoing_closes_;
  Options options_;
  std::shared_ptr<FakeSession> session_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<http::Server> server_;
  testing::Client peer_;
};

TEST_F(WebSocketTest, AcceptsAHandshake) {
  start();
  send(std::string(kRequest) + "Sec-WebSocket-Protocol: superchat, centrifuge-json\r\n\r\n");
  EXPECT_EQ(received(),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: "
            "centrifuge-json\r\n\r\n");
  EXPECT_EQ(session_->info.transport, "websocket");
  EXPECT_EQ(session_->info.variant,
            (protocol::Variant{protocol::Encoding::json, protocol::Framing::websocket_text, false}));
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_EQ(endpoint_->connections(), 1u);
}

TEST_F(WebSocketTest, RefusesOtherRequests) {
  std::string good(kRequest);
  auto with = [&](std::string_view from, std::string_view to) {
    std::string out = good;
    return out.replace(out.find(from), from.size(), to) + "\r\n";
  };
  struct Case {
    std::string request;
    int status;
  };
  const Case cases[] = {
      {with("Connection: Upgrade", "Connection: close"), 400},
      {with("Upgrade: websocket", "Upgrade: h2c"), 400},
      {with("GET ", "POST "), 405},
      {with("Version: 13", "Version: 8"), 400},
      {with("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), 400},
      {with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZXM="), 400},  // 17 bytes
      {with("dGhlIHNhbXBsZSBub25jZQ==", "!Ghl!HNhbXBsZSBub25jZQ=="), 400},
      {good + "Origin: https://evil.example\r\n\r\n", 403},
  };
  for (const Case& c : cases) {
    start();
    send(c.request);
    std::string answer = received();
    EXPECT_TRUE(answer.starts_with(fmt::format("HTTP/1.1 {} ", c.status))) << c.request << answer;
    EXPECT_NE(answer.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos);
    EXPECT_EQ(endpoint_->connections(), 0u);
    server_.reset();
    turn();
  }
}

TEST_F(WebSocketTest, ChoosesTheEncoding) {
  using protocol::Encoding;
  struct Case {
    std::string_view target, subprotocol;
    Encoding encoding;
  };
  for (const Case& c :
       {Case{"/ws", "centrifuge-protobuf", Encoding::protobuf}, Case{"/ws", "chat.v1", Encoding::json},
        Case{"/ws?format=protobuf", "centrifuge-json", Encoding::protobuf},
        Case{"/ws?cf_protocol=protobuf", "", Encoding::protobuf},
        Case{"/ws?cf_protocol=msgpack&format=xml", "", Encoding::json}}) {
    start();
    std::string request(kRequest);
    request.replace(request.find("/ws"), 3, c.target);
    send(request + fmt::format("Sec-WebSocket-Protocol: {}\r\n\r\n", c.subprotocol));
    EXPECT_EQ(session_->info.variant.encoding, c.encoding) << c.target << " " << c.subprotocol;
    EXPECT_FALSE(session_->info.native_ping);
    server_.reset();
    endpoint_.reset();
    turn();
  }
}

TEST_F(WebSocketTest, KeepsOnlyTheHeadersThatSessionsNeed) {
  options_.kept_headers = {"X-USER"};
  handshake("X-User: ann\r\nCookie: large\r\n");
  ASSERT_EQ(session_->info.headers.size(), 1u);
  EXPECT_EQ(session_->info.headers[0], (std::pair<std::string, std::string>{"x-user", "ann"}));
}

TEST_F(WebSocketTest, CarriesFramesBothWays) {
  handshake();
  send(client_frame("one") + client_frame("two", 2) + client_frame(std::string(150, 'x')));
  EXPECT_EQ(session_->frames, (std::vector<std::string>{"one", "two", std::string(150, 'x')}));
  session_->connection.send(protocol::frame(protocol::Framing::websocket_text, "reply"));
  turn();
  EXPECT_EQ(received(), server_frame("reply", 1));
  EXPECT_EQ(session_->connection.queued_bytes(), 0u);
}

TEST_F(WebSocketTest, TakesFramesThatCameWithTheHandshake) {
  start();
  send(std::string(kRequest) + "\r\n" + client_frame("early"));
  EXPECT_EQ(session_->frames, std::vector<std::string>{"early"});
}

TEST_F(WebSocketTest, AnswersPingsAndSendsItsOwn) {
  handshake("X: y\r\n");
  send(client_frame("are you there", 9));
  EXPECT_EQ(received(), server_frame("are you there", 10));
  session_->connection.send_native_ping();
  turn();
  EXPECT_EQ(received(), server_frame("", 9));
  send(client_frame("", 10));
  EXPECT_EQ(session_->pongs, 1);
}

TEST_F(WebSocketTest, AnswersTheLastOfManyPingsAndNoneOfAClientThatDoesNotRead) {
  handshake();
  std::string pings, pongs;
  for (int i = 0; i < 1000; ++i) {
    pings += client_frame(std::to_string(i), 9);
    if (i < 32 || i == 999) pongs += server_frame(std::to_string(i), 10);
  }
  send(pings);
  EXPECT_EQ(received(), pongs);
  for (int i = 0; i < 100; ++i) session_->connection.send(large_);
  turn();
  const std::size_t waiting = session_->connection.queued_bytes();
  send(client_frame("are you there", 9));
  EXPECT_EQ(session_->connection.queued_bytes(), waiting);
}

TEST_F(WebSocketTest, HoldsWhatFollowsAFrameThatPausesReading) {
  handshake();
  send(client_frame("first") + client_frame("pause") + client_frame("held") + client_frame("pause") +
       client_frame("last").substr(0, 3));
  EXPECT_EQ(session_->frames, (std::vector<std::string>{"first", "pause"}));
  send(client_frame("last").substr(3));
  session_->connection.resume_reading();
  turn();
  EXPECT_EQ(session_->frames, (std::vector<std::string>{"first", "pause", "held", "pause"}));
  session_->connection.resume_reading();
  turn();
  EXPECT_EQ(session_->frames.back(), "last");
}

TEST_F(WebSocketTest, ClosesWithCodeAndReason) {
  handshake();
  send(client_frame("close me") + client_frame("not read"));
  EXPECT_EQ(received(), server_frame(close_payload(3501, "bad request"), 8));
  EXPECT_TRUE(ended());
  EXPECT_EQ(session_->frames, std::vector<std::string>{"close me"});
  EXPECT_EQ(session_->closed, 1);
  EXPECT_EQ(endpoint_->connections(), 0u);
  EXPECT_EQ(outgoing_closes_, std::vector<std::uint32_t>{3501});
}

TEST_F(WebSocketTest, ConnectionClosedIsSaidWithoutACloseFrame) {
  handshake();
  session_->connection.close(3000, "connection closed");
  turn();
  EXPECT_EQ(received(), "");
  EXPECT_TRUE(ended());
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(WebSocketTest, EchoesTheCloseCodeOfTheClient) {
  for (int code : {1000, 4321}) {
    handshake();
    send(client_frame(close_payload(code, "bye"), 8));
    EXPECT_EQ(received(), server_frame(close_payload(code, ""), 8));
    EXPECT_TRUE(ended());
    EXPECT_EQ(session_->closed, 1);
  }
  handshake();
  send(client_frame("", 8));
  EXPECT_EQ(received(), server_frame("", 8));
}

TEST_F(WebSocketTest, EndsTheSessionWhenTheClientIsGone) {
  handshake();
  peer_.close();
  turn();
  EXPECT_EQ(session_->closed, 1);
  EXPECT_EQ(endpoint_->connections(), 0u);
}

TEST_F(WebSocketTest, ClosesOnViolations) {
  struct Case {
    std::string bytes;
    int code;
  };
  const Case cases[] = {{std::string("\x81\x01x", 3), 1002},
                        {client_frame(std::string(201, 'x')), 1009},
                        {client_frame("{\"a\":\"\xff\"}\n{}"), 1007},
                        {client_frame("{\xff}"), 3501}};
  for (const Case& c : cases) {
    handshake();
    send(c.bytes);
    EXPECT_EQ(received().substr(2, 2), close_payload(c.code, "")) << c.code;
    EXPECT_EQ(session_->closed, 1);
    EXPECT_TRUE(session_->frames.empty());
  }
}

std::string deflated(std::string_view message) {
  std::string out;
  protocol::append_deflated(out, {&message, 1}, 1);
  return out;
}

constexpr std::string_view kOffer =
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

TEST_F(WebSocketTest, AgreesToCompressionIfItIsOnAndOffered) {
  start();
  send(std::string(kRequest).append(kOffer).append("\r\n"));
  EXPECT_EQ(received().find("Extensions"), std::string::npos);
  EXPECT_FALSE(session_->info.variant.compressed());

  options_.compression = {.enabled = true, .level = 3, .min_size = 10, .max_inflated = 1000};
  handshake();
  EXPECT_FALSE(session_->info.variant.compressed());
  start();
  send(std::string(kRequest).append("Sec-WebSocket-Extensions: x-other\r\n").append(kOffer).append("\r\n"));
  EXPECT_NE(received().find("\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                            "client_no_context_takeover\r\n"),
            std::string::npos);
  EXPECT_EQ(session_->info.variant.compression_level, 3);
  EXPECT_EQ(session_->info.variant.compression_min_size, 10);
}

TEST_F(WebSocketTest, TakesCompressedMessages) {
  options_.compression.enabled = true;
  handshake(kOffer);
  send(client_frame(deflated(std::string(1000, 'x')), 1 | kCompressed) + client_frame("plain") +
       client_frame(deflated("{}"), 1 | kCompressed));
  EXPECT_EQ(session_->frames, (std::vector<std::string>{std::string(1000, 'x'), "plain", "{}"}));
}

TEST_F(WebSocketTest, ClosesOnCompressedMessagesThatMayNotBe) {
  options_.compression.enabled = true;
  struct Case {
    std::string payload;
    int code;
  };
  const Case cases[] = {{deflated(std::string(1001, 'x')), 1009},
                        {"\xff\xff\xff\x12", 3501},
                        {deflated("{\"a\":\"\xff\"}"), 1007}};
  for (const Case& c : cases) {
    handshake(kOffer);
    send(client_frame(c.payload, 1 | kCompressed));
    EXPECT_EQ(received().substr(2, 2), close_payload(c.code, ""));
    EXPECT_EQ(session_->closed, 1);
    EXPECT_TRUE(session_->frames.empty());
  }
}

TEST_F(WebSocketTest, SmallCompressedMessagesOfATurnMakeOneFrame) {
  options_.compression.enabled = true;
  handshake(kOffer);
  const protocol::Variant variant = session_->info.variant;
  const SharedBytes first = protocol::frame(variant, "first");
  const SharedBytes second = protocol::frame(variant, "second");
  session_->connection.send(first);
  session_->connection.send(second);
  EXPECT_GT(session_->connection.queued_bytes(), 0u);
  turn();
  EXPECT_EQ(received(), protocol::join_compressed(first, second).view());
  session_->connection.send(first);
  turn();
  EXPECT_EQ(received(), first.view());
}

TEST_F(WebSocketTest, NothingOvertakesACompressedMessage) {
  options_.compression.enabled = true;
  handshake(kOffer);
  const SharedBytes small = protocol::frame(session_->info.variant, "small");
  std::string noise;
  for (std::uint32_t x = 1; noise.size() < 1000; x = x * 1664525 + 1013904223)
    noise += static_cast<char>(x >> 24);
  const SharedBytes large = protocol::frame(session_->info.variant, noise);
  session_->connection.send(small);
  session_->connection.send(large);
  session_->connection.send_native_ping();
  session_->connection.send(small);
  session_->connection.close(3501, "bad request");
  turn();
  EXPECT_EQ(received(), std::string(small.view()).append(large.view()) + server_frame("", 9) +
                            std::string(small.view()) + server_frame(close_payload(3501, "bad request"), 8));
}

TEST_F(WebSocketTest, CutsOffAClientThatTakesNothing) {
  handshake();
  for (int i = 0; i < 100; ++i) session_->connection.send(large_);
  turn();
  session_->connection.send(large_);  // sees what the socket took at first
  for (std::int64_t ms : {1000, 1}) {
    EXPECT_EQ(session_->closed, 0);
    clock_.advance(ms);
    turn();
  }
  session_->connection.send(large_);
  EXPECT_EQ(session_->closed, 0);  // not in the middle of a fan-out
  turn();
  EXPECT_EQ(session_->stalled, 1);
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(WebSocketTest, AClientThatTakesSomethingIsKept) {
  handshake();
  for (int i = 0; i < 100; ++i) session_->connection.send(large_);
  turn();
  for (int i = 0; i < 5; ++i) {
    received();
    turn();
    session_->connection.send(large_);
    clock_.advance(900);
    turn();
    session_->connection.send(large_);
  }
  EXPECT_EQ(session_->closed, 0);
}

TEST_F(WebSocketTest, ShutdownEndsAsManySessionsAsItIsTold) {
  handshake();
  endpoint_->shutdown(0);
  EXPECT_EQ(session_->closed, 0);
  endpoint_->shutdown(1);
  turn();
  EXPECT_EQ(received(), server_frame(close_payload(3001, "shutdown"), 8));
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(WebSocketTest, AUnidirectionalClientAsksOnceInTheUrlOrInItsFirstMessage) {
  options_.unidirectional = true;
  options_.disconnect_push = true;
  start();
  std::string request(kRequest);
  request.replace(request.find("/ws"), 3, "/ws?cf_connect=%7B%7D");
  send(request + "\r\n" + client_frame("early"));
  EXPECT_EQ(session_->requests, std::vector<std::string>{"{}"});
  EXPECT_TRUE(session_->info.variant.unidirectional);
  EXPECT_TRUE(session_->info.native_ping);
  EXPECT_TRUE(session_->info.disconnect_push);

  handshake();
  EXPECT_TRUE(session_->requests.empty());
  send(client_frame("{}") + client_frame("ignored"));
  EXPECT_EQ(session_->requests, std::vector<std::string>{"{}"});
  EXPECT_TRUE(session_->frames.empty());
  EXPECT_EQ(session_->closed, 0);

  handshake();
  send(client_frame("no request"));
  received();
  EXPECT_EQ(session_->closed, 1);
  EXPECT_EQ(outgoing_closes_, std::vector<std::uint32_t>{3501});

  start();
  request.replace(request.find("%7B%7D"), 6, "%7B%22token%22:5%7D");
  send(request + "\r\n");
  EXPECT_TRUE(received().starts_with("HTTP/1.1 400 "));
}

TEST_F(WebSocketTest, MessagesOfATurnAreJoinedIfAsked) {
  options_.unidirectional = true;
  options_.join_messages = true;
  options_.close_frame = false;
  handshake();
  for (std::string_view text : {"one", "two"}) {
    session_->connection.send(protocol::frame(protocol::Framing::websocket_text, text));
  }
  session_->connection.send_native_ping();
  session_->connection.send(protocol::frame(protocol::Framing::websocket_text, "three"));
  session_->connection.close(3503, "force disconnect");
  turn();
  EXPECT_EQ(received(), server_frame("one\ntwo", 1) + server_frame("", 9) + server_frame("three", 1));
  EXPECT_TRUE(ended());
  EXPECT_TRUE(outgoing_closes_.empty());
}

TEST_F(WebSocketTest, AConnectionIsSmall) {
  EXPECT_LE(sizeof(Connection), 128u);
}

}  // namespace
}  // namespace whirl::transport::websocket
