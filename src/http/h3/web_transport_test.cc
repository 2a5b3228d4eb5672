#include "http/h3/server_fixture.h"
#include "http/h3/wire.h"

namespace whirl::http::h3 {
namespace {

testing::QuicClient::Headers web_transport(std::string path) {
  return {{":method", "CONNECT"},
          {":scheme", "https"},
          {":authority", "localhost"},
          {":path", std::move(path)},
          {":protocol", "webtransport"}};
}
std::string channel_of(std::int64_t session) {
  std::string out;
  append_varint(out, kWebTransportStream);
  append_varint(out, static_cast<std::uint64_t>(session));
  return out;
}

class WebTransportTest : public Http3Test {
 protected:
  struct Opened {
    std::int64_t session;
    std::int64_t channel;
  };
  /// A session with its channel, on which the client has said something.
  Opened open_channel(testing::QuicClient& browser, const std::string& said = "", bool last = false) {
    const auto session = browser.request(web_transport("/stream"), {}, false);
    run();
    const auto channel = browser.open_stream();
    browser.send(channel, channel_of(session) + said, last);
    run();
    return {session, channel};
  }
};

TEST_F(WebTransportTest, SaysThatItSpeaksWebTransport) {
  auto& browser = connected();
  const std::string& control = browser.control_stream();
  std::string setting;
  append_varint(setting, kSettingWebTransport);
  append_varint(setting, 1);
  EXPECT_NE(control.find(setting), std::string::npos);
}

TEST_F(WebTransportTest, AWebTransportSessionCarriesBytesBothWays) {
  auto& browser = connected();
  const auto session = browser.request(web_transport("/stream"), {}, false);
  run();
  EXPECT_EQ(browser.answer(session).status, 200);
  taken_.stream->write("early ");
  run();
  const auto channel = browser.open_stream();
  browser.send(channel, channel_of(session).substr(0, 1));
  run();
  browser.send(channel, channel_of(session).substr(1) + "ping");
  run();
  EXPECT_EQ(taken_.got, "ping");
  taken_.stream->write("pong");
  run();
  EXPECT_EQ(browser.received(channel), "early pong");

  taken_.session().close_session(3001, "shutdown");
  taken_.stream.reset();
  run();
  EXPECT_TRUE(browser.ended(channel));
  EXPECT_EQ(browser.answer(session).body, "");
  pass(Session::kReadMs + 50);
  EXPECT_EQ(browser.answer(session).body, close_capsule(3001, "shutdown"));
  EXPECT_TRUE(browser.answer(session).ended);
}

TEST_F(WebTransportTest, AWebTransportClientThatDoesNotCloseItsSideIsToldInTheEnd) {
  auto& browser = connected();
  const auto [session, channel] = open_channel(browser);
  browser.deaf = true;
  taken_.session().close_session(4000, "bye");
  pass(Session::kFarewellMs);
  browser.deaf = false;
  pass(8000);
  EXPECT_EQ(browser.answer(session).body, close_capsule(4000, "bye"));
}

TEST_F(WebTransportTest, EachSessionIsToldOfItsEndInTime) {
  auto& browser = connected();
  const auto first = open_channel(browser);
  auto kept = std::move(taken_.stream);
  const auto second = open_channel(browser);
  static_cast<WebTransportStream&>(*kept).close_session(4000, "one");
  pass(Session::kReadMs / 2);
  taken_.session().close_session(4001, "two");
  pass(Session::kReadMs / 2 + 50);
  EXPECT_EQ(browser.answer(first.session).body, close_capsule(4000, "one"));
  EXPECT_EQ(browser.answer(second.session).body, "");
  pass(Session::kReadMs / 2 + 50);
  EXPECT_EQ(browser.answer(second.session).body, close_capsule(4001, "two"));
}

TEST_F(WebTransportTest, TheClientEndsAWebTransportSession) {
  auto& browser = connected();
  const auto [session, channel] = open_channel(browser, "hello");
  browser.send_body(session, close_capsule(7, "enough"), true);
  run();
  EXPECT_EQ(taken_.got, "hello");
  EXPECT_TRUE(taken_.ended);
  EXPECT_TRUE(taken_.stream->closed());
}

TEST_F(WebTransportTest, AClientThatEndsTheSessionItselfIsNotToldOfItsEnd) {
  auto& browser = connected();
  const auto [session, channel] = open_channel(browser);
  taken_.session().close_session(3001, "shutdown");
  server_->shutdown();
  run();
  EXPECT_TRUE(browser.ended(channel));
  EXPECT_FALSE(browser.closed());
  browser.send_body(session, close_capsule(0, ""), true);
  run();
  EXPECT_EQ(browser.answer(session).body, "");
  EXPECT_TRUE(browser.closed());
}

TEST_F(WebTransportTest, TheEndOfTheChannelIsTheEndOfInput) {
  auto& browser = connected();
  open_channel(browser, "all", true);
  EXPECT_EQ(taken_.got, "all");
  EXPECT_TRUE(taken_.ended);
  EXPECT_FALSE(taken_.stream->closed());
}

TEST_F(WebTransportTest, PausedInputWaitsAndHoldsTheClientBack) {
  auto& browser = connected();
  const auto [session, channel] = open_channel(browser);
  taken_.stream->pause_reading();
  browser.send(channel, std::string(500'000, 'x'));
  pass(1000);
  EXPECT_EQ(taken_.got.size(), 0u);
  taken_.stream->resume_reading();
  EXPECT_EQ(taken_.got.size(), 0u);  // not from within the call
  loop_.turn(0);
  EXPECT_GT(taken_.got.size(), 50'000u);
  EXPECT_LT(taken_.got.size(), 200'000u);
  pass(1000);
  EXPECT_EQ(taken_.got.size(), 500'000u);
}

TEST_F(WebTransportTest, OnlyOneChannelBelongsToASession) {
  auto& browser = connected();
  const auto session = browser.request(web_transport("/stream"), {}, false);
  run();
  const auto first = browser.open_stream();
  browser.send(first, channel_of(session) + "1");
  const auto second = browser.open_stream();
  browser.send(second, channel_of(session) + "2");
  const auto of_nobody = browser.open_stream();
  browser.send(of_nobody, channel_of(400) + "3");
  run();
  EXPECT_EQ(taken_.got, "1");
}

TEST_F(WebTransportTest, ASessionWithoutAChannelEnds) {
  auto& browser = connected();
  browser.request(web_transport("/stream"), {}, false);
  run();
  pass(Session::kChannelTimeoutMs + 1000);
  EXPECT_TRUE(taken_.ended);
}

}  // namespace
}  // namespace whirl::http::h3
