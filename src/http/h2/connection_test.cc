#include <gtest/gtest.h>

#include <deque>

#include "base/clock.h"
#include "http/server.h"
#include "testing/h2_client.h"
#include "testing/stream_pair.h"

namespace whirl::http::h2 {
namespace {

using testing::H2Client;
using End = H2Client::End;

constexpr std::uint32_t kNoError = 0;
constexpr std::uint32_t kProtocolError = 1;
constexpr std::uint32_t kRefusedStream = 7;
constexpr std::uint32_t kCancel = 8;
constexpr std::uint32_t kEnhanceYourCalm = 11;
constexpr int kMaxStreamsSetting = 3;
constexpr int kConnectProtocolSetting = 8;

/// Whoever took a stream: remembers what comes.
struct Taker final : net::StreamHandler {
  explicit Taker(Upgraded upgraded) : stream(std::move(upgraded.stream)) { stream->set_handler(this); }
  void on_data(std::span<char> bytes) override { got.append(bytes.data(), bytes.size()); }
  void on_end() override {
    ++ends;
    if (drops) stream.reset();
  }
  MessageStream& message() { return static_cast<MessageStream&>(*stream); }

  net::StreamPtr stream;
  std::string got;
  int ends = 0;
  bool drops = false;  // the stream at its end
};

/// A frame by its parts; `payload` as it goes.
std::string frame(unsigned type, unsigned flags, std::uint32_t stream, std::string_view payload) {
  std::string out;
  for (int shift : {16, 8, 0}) out += static_cast<char>(payload.size() >> shift);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  for (int shift : {24, 16, 8, 0}) out += static_cast<char>(stream >> shift);
  return out.append(payload);
}

/// A server on a loop that the test turns by hand, and one client.
class H2ConnectionTest : public ::testing::Test {
 protected:
  H2ConnectionTest() {
    options.http2.emplace();
    route("/echo", [](Request& request, Responder responder) {
      responder.header("X-Own", "1");
      responder.reply(200, "text/plain", request.body);
    });
    route("/later", [this](Request&, Responder responder) { waiting.push_back(std::move(responder)); });
    route("/take", [this](Request&, Responder responder) { takers.emplace_back(responder.upgrade()); });
    route("/large", [](Request&, Responder responder) {
      responder.reply(200, "text/plain", std::string(kLarge, 'x'));
    });
  }

  void route(std::string path, Handler handler) {
    router.add({std::move(path), {}, std::move(handler), 1000});
  }

  void connect(std::uint32_t window = 65535) {
    server = std::make_unique<Server>(loop, std::move(router), options);
    testing::StreamPair pair(loop);
    server->accept(std::move(pair.stream));
    client.emplace(std::move(pair.peer), window);
    talk();
  }
  void talk(int rounds = 8) {
    for (int i = 0; i < rounds; ++i) {
      client->exchange();
      loop.turn(0);
    }
    client->exchange();
  }
  void pass(std::int64_t ms) {
    clock.advance(ms);
    talk();
  }
  H2Client::Answer& get(std::string_view path) {
    const std::int32_t id = client->request("GET", path);
    talk();
    return client->answer(id);
  }
  /// A stream that the server's side has taken, with its head sent.
  std::int32_t open_stream() {
    const std::int32_t id = client->request("CONNECT", "/take", {{":protocol", "websocket"}}, End::later);
    talk();
    takers.back().message().send_head({});
    talk();
    return id;
  }

  static constexpr std::size_t kLarge = 2'000'000;
  ManualClock clock;
  net::Loop loop{0, clock};
  Router router;
  ServerOptions options;
  std::vector<Responder> waiting;
  std::deque<Taker> takers;
  std::unique_ptr<Server> server;
  std::optional<H2Client> client;
};

TEST_F(H2ConnectionTest, AnswersRequestsOfOneConnectionInAnyOrder) {
  connect();
  const auto first = client->request("GET", "/later");
  const auto second = client->request("GET", "/later");
  talk();
  ASSERT_EQ(waiting.size(), 2U);
  waiting[1].reply(200, "text/plain", "second");
  talk();
  EXPECT_EQ(client->answer(second).body, "second");
  EXPECT_FALSE(client->answer(first).ended);
  waiting[0].empty(404);
  talk();
  EXPECT_EQ(client->answer(first).fields[":status"], "404");
  EXPECT_EQ(client->answer(first).fields["content-length"], "0");
  EXPECT_TRUE(client->answer(first).ended);
}

TEST_F(H2ConnectionTest, ReadsBodiesAndWritesHeadersInLowerCase) {
  connect();
  const auto id = client->request("POST", "/echo", {}, End::later);
  client->data(id, "hello ");
  talk();
  client->data(id, "world", End::now);
  talk();
  EXPECT_EQ(client->answer(id).body, "hello world");
  EXPECT_EQ(client->answer(id).fields["x-own"], "1");
  EXPECT_EQ(client->answer(id).fields["content-type"], "text/plain");
  EXPECT_TRUE(client->answer(id).closed);
}

TEST_F(H2ConnectionTest, TheFirstBytesMayComeOneByOne) {
  server = std::make_unique<Server>(loop, std::move(router), options);
  testing::StreamPair pair(loop);
  server->accept(std::move(pair.stream));
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "");
  for (char c : preface) {
    pair.peer.send({&c, 1});
    loop.turn(0);
  }
  loop.turn(0);
  EXPECT_EQ(pair.peer.receive().substr(3, 2), std::string("\x04\x00", 2));  // settings, no flags
}

TEST_F(H2ConnectionTest, IsRefusedWhereItIsNotWanted) {
  options.http2.reset();
  server = std::make_unique<Server>(loop, std::move(router), options);
  testing::StreamPair pair(loop);
  server->accept(std::move(pair.stream));
  pair.peer.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  for (int i = 0; i < 4; ++i) loop.turn(0);
  EXPECT_TRUE(pair.peer.receive().starts_with("HTTP/1.1 505 "));
}

TEST_F(H2ConnectionTest, AnswersWhatIsNoRoute) {
  connect();
  EXPECT_EQ(get("/nothing").fields[":status"], "404");
}

TEST_F(H2ConnectionTest, StreamsGoInBothDirections) {
  connect();
  const auto id = open_stream();
  takers[0].stream->write("to the client");
  client->data(id, "to the server");
  talk();
  EXPECT_EQ(client->answer(id).fields[":status"], "200");
  EXPECT_EQ(client->answer(id).body, "to the client");
  EXPECT_EQ(takers[0].got, "to the server");
  client->data(id, "", End::now);
  talk();
  EXPECT_EQ(takers[0].ends, 1);
  EXPECT_FALSE(takers[0].stream->closed());
  takers[0].stream->write("last");
  takers[0].message().set_trailers("Grpc-Status: 0\r\n");
  takers[0].stream->close_after_flush();
  talk();
  EXPECT_EQ(client->answer(id).body, "to the clientlast");
  EXPECT_EQ(client->answer(id).fields["grpc-status"], "0");
  EXPECT_TRUE(client->answer(id).closed);
}

TEST_F(H2ConnectionTest, TellsOfAResetEvenAfterTheEnd) {
  connect();
  const auto id = open_stream();
  client->data(id, "", End::now);
  talk();
  client->reset(id);
  talk();
  EXPECT_EQ(takers[0].ends, 2);
  EXPECT_TRUE(takers[0].stream->closed());
  takers[0].stream->write("nobody");
  talk();
}

TEST_F(H2ConnectionTest, AStreamMayBeDroppedWhenItFails) {
  connect();
  const auto id = open_stream();
  takers[0].drops = true;
  client->reset(id);
  talk();
  EXPECT_EQ(takers[0].ends, 1);
  EXPECT_EQ(takers[0].stream, nullptr);
}

TEST_F(H2ConnectionTest, AStreamThatIsDroppedIsReset) {
  connect();
  const auto id = open_stream();
  takers[0].stream.reset();
  talk();
  EXPECT_TRUE(client->answer(id).closed);
  EXPECT_EQ(client->answer(id).code, kCancel);
}

TEST_F(H2ConnectionTest, AClientThatDoesNotEndItsSideHasSomeTime) {
  connect();
  const auto id = open_stream();
  takers[0].stream->close_after_flush();
  takers[0].stream.reset();
  talk();
  EXPECT_TRUE(client->answer(id).ended);
  EXPECT_FALSE(client->answer(id).closed);
  pass(net::Stream::kLingerMs);
  EXPECT_TRUE(client->answer(id).closed);
  EXPECT_EQ(client->answer(id).code, kNoError);
}

TEST_F(H2ConnectionTest, PausedReadingStopsTheClient) {
  options.http2->stream_window = 70'000;
  connect();
  const auto id = open_stream();
  takers[0].stream->pause_reading();
  client->data(id, std::string(200'000, 'a'));
  talk(40);
  EXPECT_EQ(takers[0].got, "");
  takers[0].stream->resume_reading();
  talk(2);
  EXPECT_GE(takers[0].got.size(), 65'535U);
  EXPECT_LE(takers[0].got.size(), 70'000U);
  talk(40);
  EXPECT_EQ(takers[0].got.size(), 200'000U);
}

TEST_F(H2ConnectionTest, OtherStreamsGoOnWhileOneIsNotTaken) {
  connect();
  const auto id = open_stream();
  takers[0].stream->pause_reading();
  client->data(id, std::string(200'000, 'a'));
  talk(40);
  const auto other = client->request("POST", "/echo", {}, End::later);
  client->data(other, "x", End::now);
  talk();
  EXPECT_EQ(client->answer(other).body, "x");
}

TEST_F(H2ConnectionTest, SendsNoMoreThanTheClientTakes) {
  connect(1000);
  client->take_nothing();
  const auto id = open_stream();
  takers[0].stream->write(std::string(5000, 'x'));
  talk();
  EXPECT_EQ(client->answer(id).body.size(), 1000U);
  EXPECT_EQ(takers[0].stream->outbox_bytes(), 4000U);
  // Another stream has a window of its own.
  const auto other = client->request("POST", "/echo", {}, End::later);
  client->data(other, "x", End::now);
  talk();
  EXPECT_EQ(client->answer(other).body, "x");
}

TEST_F(H2ConnectionTest, LargeAnswersCome) {
  connect(1'000'000);
  const auto id = client->request("GET", "/large");
  talk(400);
  EXPECT_EQ(client->answer(id).body.size(), kLarge);
}

TEST_F(H2ConnectionTest, AnAnswerThatIsNotTakenIsDropped) {
  connect(1000);
  client->take_nothing();
  const auto id = client->request("GET", "/large");
  talk();
  pass(options.http2->body_timeout_ms);
  EXPECT_TRUE(client->answer(id).closed);
  EXPECT_EQ(client->answer(id).code, kCancel);
}

TEST_F(H2ConnectionTest, ABodyHasToComeInTime) {
  connect();
  const auto id = client->request("POST", "/echo", {}, End::later);
  client->data(id, "a");
  talk();
  pass(options.http2->body_timeout_ms);
  EXPECT_TRUE(client->answer(id).closed);
}

TEST_F(H2ConnectionTest, TooLargeBodiesAndHeadsAreRefused) {
  options.http2->head.bytes = 2000;
  connect();
  const auto body = client->request("POST", "/echo", {}, End::later);
  client->data(body, std::string(1001, 'a'));
  const auto head = client->request("GET", "/echo", {{"x-long", std::string(3000, 'a')}});
  talk();
  EXPECT_EQ(client->answer(body).fields[":status"], "413");
  EXPECT_EQ(client->answer(head).fields[":status"], "431");
}

TEST_F(H2ConnectionTest, MoreStreamsThanAllowedAreRefused) {
  options.http2->max_streams = 2;
  server = std::make_unique<Server>(loop, std::move(router), options);
  testing::StreamPair pair(loop);
  server->accept(std::move(pair.stream));
  client.emplace(std::move(pair.peer));
  std::int32_t ids[3];
  for (auto& id : ids) id = client->request("GET", "/later");  // sent before the client knows of the limit
  talk();
  EXPECT_TRUE(client->has_setting(kMaxStreamsSetting, 2));
  EXPECT_EQ(waiting.size(), 2U);
  EXPECT_EQ(client->answer(ids[2]).code, kRefusedStream);
  EXPECT_EQ(client->goaway(), -1);
}

TEST_F(H2ConnectionTest, OffersExtendedConnect) {
  connect();
  EXPECT_TRUE(client->has_setting(kConnectProtocolSetting, 1));
}

TEST_F(H2ConnectionTest, ShutdownLetsOpenStreamsEnd) {
  connect();
  const auto id = client->request("GET", "/later");
  talk();
  server->shutdown();
  talk();
  EXPECT_EQ(client->goaway(), kNoError);
  EXPECT_EQ(server->connections(), 1U);
  waiting[0].reply(200, "text/plain", "late");
  talk();
  EXPECT_EQ(client->answer(id).body, "late");
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(H2ConnectionTest, IdleConnectionsEnd) {
  connect();
  const auto id = client->request("GET", "/later");
  talk();
  pass(options.http2->idle_timeout_ms + 1000);
  EXPECT_EQ(client->goaway(), -1);  // a request is under way
  waiting[0].empty(200);
  talk();
  EXPECT_EQ(client->answer(id).fields[":status"], "200");
  pass(options.http2->idle_timeout_ms);
  EXPECT_EQ(client->goaway(), kNoError);
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(H2ConnectionTest, SilentClientsAreAskedForASignOfLife) {
  options.http2->ping_after_ms = 10'000;
  options.http2->ping_timeout_ms = 5'000;
  connect();
  open_stream();
  pass(10'000);  // the client answers
  pass(5'000);
  EXPECT_EQ(server->connections(), 1U);
  for (int i = 0; i < 20 && server->connections() > 0; ++i) {
    clock.advance(5'000);
    loop.turn(0);
  }
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(takers[0].ends, 1);
}

TEST_F(H2ConnectionTest, TheClientMayGoAtAnyTime) {
  connect();
  client->request("GET", "/later");
  open_stream();
  client->close();
  for (int i = 0; i < 4; ++i) loop.turn(0);
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(takers[0].ends, 1);
  EXPECT_FALSE(waiting[0].open());
  waiting[0].empty(200);
}

TEST_F(H2ConnectionTest, TheServerMayGoBeforeWhoeverTookAStream) {
  connect();
  open_stream();
  server.reset();
  loop.turn(0);
  EXPECT_EQ(takers[0].ends, 1);
  takers.clear();
  loop.turn(0);
}

/// Each kind of flood ends the connection that it comes by, with a word why, and no other one.
class H2FloodTest : public H2ConnectionTest {
 protected:
  void SetUp() override {
    options.http2->idle_frames = 50;
    options.http2->head.bytes = 2000;
    connect();
    testing::StreamPair pair(loop);
    server->accept(std::move(pair.stream));
    other.emplace(std::move(pair.peer));
    calm = other->request("GET", "/later");
    other->exchange();
    talk();
    other->exchange();
  }
  void expect_end(std::int64_t code = kEnhanceYourCalm) {
    talk();
    EXPECT_EQ(client->goaway(), code);
    EXPECT_EQ(server->connections(), 1U);
    ASSERT_FALSE(waiting.empty());
    waiting[0].reply(200, "text/plain", "well");
    talk(2);
    other->exchange();
    EXPECT_EQ(other->answer(calm).body, "well");
  }

  std::optional<H2Client> other;
  std::int32_t calm = 0;
};

TEST_F(H2FloodTest, Resets) {
  for (int i = 0; i < 60; ++i) client->reset(client->request("GET", "/later"));
  for (int i = 0; i < 60; ++i) {
    const auto id = client->request("GET", "/later");
    client->exchange();
    client->reset(id);
    client->exchange();
  }
  expect_end();
}

TEST_F(H2FloodTest, Pings) {
  for (int i = 0; i < 60; ++i) client->raw(frame(6, 0, 0, "12345678"));
  expect_end();
}

TEST_F(H2FloodTest, AFewPingsAreFine) {
  for (int i = 0; i < 200; ++i) {
    client->ping();
    client->exchange();
    clock.advance(20);
    loop.turn(0);
  }
  talk();
  EXPECT_EQ(client->goaway(), -1);
  EXPECT_EQ(client->pongs(), 200);
}

TEST_F(H2FloodTest, Settings) {
  for (int i = 0; i < 60; ++i) client->raw(frame(4, 0, 0, ""));
  expect_end();
}

TEST_F(H2FloodTest, Priorities) {
  for (int i = 0; i < 60; ++i) client->raw(frame(2, 0, 1, std::string("\0\0\0\0\1", 5)));
  expect_end();
}

TEST_F(H2FloodTest, EmptyData) {
  const auto id = client->request("POST", "/echo", {}, End::later);
  talk();
  for (int i = 0; i < 60; ++i) client->raw(frame(0, 0, static_cast<std::uint32_t>(id), ""));
  expect_end();
}

TEST_F(H2FloodTest, Headers) {
  // "x-a: aaa…" without indexing, again and again in one head.
  const std::string field = std::string("\x00\x03x-a\x7f\xa1\x1e", 8) + std::string(4000, 'a');
  client->raw(frame(1, 0, 1, "\x82\x84\x86\x01\x01x" + field + field + field));
  expect_end();
}

TEST_F(H2FloodTest, Continuations) {
  client->raw(frame(1, 0, 1, "\x82\x84\x86\x01\x01x"));
  for (int i = 0; i < 100; ++i) client->raw(frame(9, 0, 1, ""));
  expect_end();
}

TEST_F(H2FloodTest, BrokenFrames) {
  client->raw(frame(0, 0, 0, "data on no stream"));
  expect_end(kProtocolError);
}

}  // namespace
}  // namespace whirl::http::h2
