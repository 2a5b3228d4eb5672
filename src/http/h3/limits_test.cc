#include <nghttp3/nghttp3.h>

#include "http/h3/server_fixture.h"

namespace whirl::http::h3 {
namespace {

class Http3LimitsTest : public Http3Test {};

TEST_F(Http3LimitsTest, ARequestThatNeverEndsIsGivenUp) {
  auto& browser = connected();
  browser.request(
      {{":method", "POST"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/hello"}}, "begin",
      false);
  for (std::int64_t at = 0; at < Session::kRequestTimeoutMs + 2000; at += 1000) {
    browser.get("/hello");
    pass(1000);
  }
  browser.close();
  run();
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(Http3LimitsTest, AClientThatWaitsForAnAnswerIsNotForgotten) {
  auto& browser = connected();
  const auto id = browser.get("/later");
  pass(61'000);
  ASSERT_EQ(server_->connections(), 1u);
  later_[0].reply(200, "text/plain", "at last");
  run();
  EXPECT_EQ(browser.answer(id).body, "at last");
  pass(31'000);
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(Http3LimitsTest, ControlStreamsLiveAsLongAsTheConnection) {
  constexpr std::int64_t kControlStreams[] = {3, 7, 11};
  for (std::int64_t stream : kControlStreams) {
    auto& browser = connected();
    browser.stop_reading(stream);
    run();
    EXPECT_TRUE(browser.closed());
    EXPECT_EQ(browser.close_code(), NGHTTP3_H3_CLOSED_CRITICAL_STREAM);
  }
}

TEST_F(Http3LimitsTest, AnIdleClientIsForgotten) {
  connected();
  EXPECT_EQ(server_->connections(), 1u);
  pass(31'000);
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(Http3LimitsTest, ManyAtOnceHaveToProveTheirAddress) {
  serve({.free_handshakes = 1, .handshakes = 2});
  auto& first = client();
  first.deaf = true;  // stays in its handshake
  auto& second = client();
  run();
  EXPECT_TRUE(second.saw_retry());
  EXPECT_TRUE(second.connected());
  const auto id = second.get("/hello");
  run();
  EXPECT_EQ(second.answer(id).status, 200);
}

TEST_F(Http3LimitsTest, MoreThanSoManyAreNotTaken) {
  serve({.connections = 1});
  connected();
  auto& second = client();
  pass(1000);
  EXPECT_FALSE(second.connected());
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(Http3LimitsTest, AClientHasSoManyRequestsUnderWay) {
  auto& browser = connected();
  for (int i = 0; i < 100; ++i) browser.get("/later");
  run();
  EXPECT_EQ(later_.size(), 100u);
  EXPECT_FALSE(browser.may_open_stream());
  later_[7].reply(200, "text/plain", "done");
  run();
  EXPECT_TRUE(browser.may_open_stream());
  browser.get("/later");
  run();
  EXPECT_EQ(later_.size(), 101u);
}

TEST_F(Http3LimitsTest, AClientThatCancelsRequestAfterRequestIsSentAway) {
  auto& browser = connected();
  int cancelled = 0;
  for (; cancelled < 1000 && !browser.closed(); ++cancelled) {
    const auto id = browser.get("/later");
    run();
    browser.reset(id);
    run();
  }
  EXPECT_EQ(browser.close_code(), NGHTTP3_H3_EXCESSIVE_LOAD);
  EXPECT_GT(cancelled, 90);
  EXPECT_LT(cancelled, 120);
}

TEST_F(Http3LimitsTest, AClientMayCancelNowAndThen) {
  auto& browser = connected();
  for (int i = 0; i < 150; ++i) {
    const auto id = browser.get("/later");
    run();
    browser.reset(id);
    pass(1000);
  }
  EXPECT_FALSE(browser.closed());
}

TEST_F(Http3LimitsTest, WhoDoesNotAnswerGetsThreeTimesOfWhatItSentAtMost) {
  client().turn();
  clients_.clear();
  pass(9000);
  EXPECT_GT(answered_, 0u);
  EXPECT_LE(answered_, 3 * wire_.carried);
  pass(2000);
  EXPECT_EQ(server_->connections(), 0u);
}

}  // namespace
}  // namespace whirl::http::h3
