#include "http/h3/server_fixture.h"

namespace whirl::http::h3 {
namespace {

TEST_F(Http3Test, AnswersRequests) {
  auto& browser = connected();
  const auto get = browser.get("/hello");
  const auto post = browser.request(
      {{":method", "POST"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/hello?x=1"}},
      "you");
  run();
  EXPECT_EQ(browser.answer(get).status, 200);
  EXPECT_EQ(browser.answer(get).body, "hello ");
  EXPECT_EQ(browser.answer(get).header("content-type"), "text/plain");
  EXPECT_EQ(browser.answer(get).header("content-length"), "6");
  EXPECT_FALSE(browser.answer(get).header("date").empty());
  EXPECT_EQ(browser.answer(post).body, "hello you");
  EXPECT_EQ(browser.answer(post).header("x-method"), "POST");
  EXPECT_TRUE(browser.answer(post).ended);
}

TEST_F(Http3Test, ALargeAnswerComesAsFastAsItIsRead) {
  auto& browser = connected();
  const auto id = browser.get("/big");
  pass(2000);
  EXPECT_EQ(browser.answer(id).body.size(), 3'000'000u);
  EXPECT_TRUE(browser.answer(id).ended);
}

TEST_F(Http3Test, RefusesWhatIsNotServed) {
  auto& browser = connected();
  const auto nowhere = browser.get("/nowhere");
  const auto broken = browser.get("/%zz");
  const auto large = browser.request(
      {{":method", "POST"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/small"}},
      std::string(11, 'x'));
  const auto head = browser.request({{":method", "GET"},
                                     {":scheme", "https"},
                                     {":authority", "localhost"},
                                     {":path", "/hello"},
                                     {"x", std::string(head_limits_.bytes, 'x')}});
  run();
  EXPECT_EQ(browser.answer(nowhere).status, 404);
  EXPECT_EQ(browser.answer(broken).status, 400);
  EXPECT_EQ(browser.answer(large).status, 413);
  EXPECT_EQ(browser.answer(head).status, 431);
}

TEST_F(Http3Test, AnAnswerMayComeLater) {
  auto& browser = connected();
  const auto id = browser.get("/later");
  run();
  ASSERT_EQ(later_.size(), 1u);
  EXPECT_EQ(later_[0].peer_address(), "127.0.0.1:10001");
  later_[0].reply(200, "text/plain", "at last");
  run();
  EXPECT_EQ(browser.answer(id).body, "at last");
}

TEST_F(Http3Test, AnAnswerToNobodyVanishes) {
  auto& browser = connected();
  browser.get("/later");
  const auto second = browser.get("/later");
  run();
  browser.reset(second);
  run();
  EXPECT_TRUE(later_[0].open());
  EXPECT_FALSE(later_[1].open());
  browser.close();
  run();
  EXPECT_FALSE(later_[0].open());
  later_[0].reply(200, "text/plain", "too late");
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(Http3Test, AStreamedAnswerGoesOn) {
  auto& browser = connected();
  const auto id = browser.get("/stream");
  run();
  taken_.stream->write("one ");
  run();
  EXPECT_EQ(browser.answer(id).body, "one ");
  EXPECT_FALSE(browser.answer(id).ended);
  taken_.stream->write("two");
  taken_.stream->close_after_flush();
  taken_.stream.reset();
  run();
  EXPECT_EQ(browser.answer(id).body, "one two");
  EXPECT_TRUE(browser.answer(id).ended);
}

TEST_F(Http3Test, ATrailerFollowsAStreamedAnswer) {
  auto& browser = connected();
  const auto id = browser.get("/stream");
  run();
  taken_.stream->write("body");
  static_cast<MessageStream&>(*taken_.stream).set_trailers("Grpc-Status: 0\r\n");
  taken_.stream->close_after_flush();
  run();
  EXPECT_EQ(browser.answer(id).body, "body");
  EXPECT_TRUE(browser.answer(id).ended);
}

TEST_F(Http3Test, ASlowReaderOfAStreamIsSeenByItsQueue) {
  auto& browser = connected();
  browser.get("/stream");
  run();
  browser.deaf = true;
  for (int i = 0; i < 100; ++i) taken_.stream->write(std::string(10'000, 'x'));
  run();
  EXPECT_GT(taken_.stream->outbox_bytes(), 500'000u);
  EXPECT_EQ(taken_.drained, 0);
  browser.deaf = false;
  pass(3000);
  EXPECT_EQ(taken_.stream->outbox_bytes(), 0u);
  EXPECT_EQ(taken_.drained, 1);
}

TEST_F(Http3Test, TheEndOfAClientEndsItsStream) {
  auto& browser = connected();
  browser.get("/stream");
  run();
  browser.close();
  run();
  EXPECT_TRUE(taken_.ended);
  EXPECT_TRUE(taken_.stream->closed());
}

TEST_F(Http3Test, ShutsDownWhenTheRequestsAreAnswered) {
  auto& idle = connected();
  auto& busy = connected();
  const auto id = busy.get("/later");
  run();
  server_->shutdown();
  run();
  EXPECT_TRUE(idle.closed());
  EXPECT_EQ(idle.close_code(), kNoError);
  EXPECT_FALSE(busy.closed());
  later_[0].reply(200, "text/plain", "last words");
  run();
  EXPECT_EQ(busy.answer(id).body, "last words");
  EXPECT_TRUE(busy.closed());
  EXPECT_EQ(server_->connections(), 0u);
  auto& late = client();
  pass(500);
  EXPECT_FALSE(late.connected());
}

TEST_F(Http3Test, ShutsDownThoughAClientIsGone) {
  connected().get("/stream");
  run();
  clients_.clear();
  server_->shutdown();
  pass(2000);
  EXPECT_EQ(server_->connections(), 1u);
  taken_.stream.reset();
  pass(2000);
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(Http3Test, APacketOfAForgottenConnectionIsAnsweredByAReset) {
  auto& browser = connected();
  browser.deaf = true;
  server_->shutdown();
  pass(5000);
  EXPECT_FALSE(browser.closed());
  browser.deaf = false;
  browser.get("/hello");
  run();
  EXPECT_TRUE(browser.closed());
  EXPECT_EQ(browser.close_code(), 0u);
}

TEST_F(Http3Test, NoiseIsNoTrouble) {
  std::string noise = "not a packet at all, but long enough to look like one, perhaps";
  for (int first = 0; first < 256; ++first) {
    noise[0] = static_cast<char>(first);
    auto* bytes = reinterpret_cast<const std::uint8_t*>(noise.data());
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{7}, noise.size()}) {
      server_->on_datagram({bytes, size}, client().path);
      clients_.clear();
    }
  }
  run();
  EXPECT_EQ(server_->connections(), 0u);
}

TEST(Credentials, SayWhatCannotBeUsed) {
  testing::TlsIdentity identity;
  EXPECT_FALSE(Credentials::create({"nonsense", identity.key, ""}));
  EXPECT_FALSE(Credentials::create({identity.certificate, "nonsense", ""}));
  auto bad_ca = Credentials::create({identity.certificate, identity.key, "nonsense"});
  ASSERT_FALSE(bad_ca);
  EXPECT_NE(bad_ca.error().message.find("client_ca_pem"), std::string::npos);
}

}  // namespace
}  // namespace whirl::http::h3
