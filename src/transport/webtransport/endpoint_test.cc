#include "transport/webtransport/endpoint.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "http/web_transport.h"
#include "transport/webtransport/connection.h"

namespace whirl::transport::webtransport {
namespace {

/// Writes down what the transport reports.
class FakeSession final : public session::Session {
 public:
  FakeSession(session::Connection& the_connection, session::ConnectionInfo the_info)
      : connection(the_connection), info(std::move(the_info)) {}

  void on_frame(std::string_view frame) override {
    frames.emplace_back(frame);
    if (frame == "pause\n") connection.pause_reading();
  }
  void on_native_pong() override {}
  void on_connect_request(std::string_view) override {}
  void on_closed() override { ++closed; }
  void shutdown() override { connection.close(3001, "shutdown"); }

  session::Connection& connection;
  session::ConnectionInfo info;
  std::vector<std::string> frames;
  int closed = 0;
};

/// What is seen of a stream from its other end.
struct Seen {
  net::StreamHandler* handler = nullptr;
  std::string head;
  std::string written;
  std::uint32_t code = 0;
  std::string reason;
  bool paused = false;
  bool closed = false;
};

class FakeStream final : public http::WebTransportStream {
 public:
  FakeStream(net::Loop& loop, Seen& seen) : WebTransportStream(loop), seen_(seen) {}

  void send_head(const http::ResponseHead& head) override {
    seen_.handler = handler_;
    seen_.head = fmt::format("{} {}", head.status, head.extra);
  }
  void set_trailers(std::string_view) override {}
  void pause_reading() override { seen_.paused = true; }
  void resume_reading() override { seen_.paused = false; }
  void close() override { seen_.closed = true; }
  void close_after_flush() override {}
  void close_session(std::uint32_t code, std::string_view reason) override {
    take();
    seen_.code = code;
    seen_.reason = reason;
    seen_.closed = true;
  }
  bool closed() const override { return seen_.closed; }

 private:
  std::string socket_address() const override { return "192.0.2.1:1"; }
  void on_turn_end() override { take(); }
  void drop() override { loop_.destroy_later(std::unique_ptr<FakeStream>(this)); }
  void take() {
    while (!outbox_.empty()) seen_.written += outbox_.pop().view();
  }
  Seen& seen_;
};

class FakeCarrier final : public http::Carrier {
 public:
  FakeCarrier(net::Loop& loop, Seen& seen) : loop_(loop), seen_(seen) {}
  void answer(http::Exchange&, int status, std::string_view, std::string_view) override { answered = status; }
  http::Upgraded release() override {
    http::Upgraded out;
    out.stream.reset(new FakeStream(loop_, seen_));
    out.multiplexed = true;
    return out;
  }
  std::string peer_address() const override { return "192.0.2.1:1"; }
  int answered = 0;

 private:
  net::Loop& loop_;
  Seen& seen_;
};

class WebTransportTest : public ::testing::Test {
 protected:
  WebTransportTest() {
    auto rule = http::OriginRule::create({"https://example.com"});
    EXPECT_TRUE(rule);
    config::WebTransport config;
    config.message_size_limit = 20;
    Options options = Options::from(config, std::make_shared<const http::OriginRule>(std::move(*rule)));
    options.kept_headers = {"X-User"};
    options.on_outgoing_close = [this](std::uint32_t code) { told_codes_.push_back(code); };
    endpoint_ = std::make_unique<Endpoint>(
        loop_, std::move(options), [this](session::Connection& connection, session::ConnectionInfo info) {
          session_ = std::make_shared<FakeSession>(connection, std::move(info));
          return session_;
        });
  }

  void ask(std::string_view query = "", std::string_view origin = "https://example.com",
           std::string_view protocol = http::kWebTransport) {
    request_.clear();
    request_.method = "CONNECT";
    request_.protocol = protocol;
    request_.query = query;
    request_.headers = {{"origin", origin}, {"x-user", "ann"}};
    auto exchange = std::make_unique<http::Exchange>();
    exchange->carrier = &carrier_;
    endpoint_->handle(request_, http::Responder(std::move(exchange)));
  }
  void send(std::string text) { seen_.handler->on_data(text); }

  ManualClock clock_;
  net::Loop loop_{0, clock_};
  Seen seen_;
  FakeCarrier carrier_{loop_, seen_};
  http::Request request_;
  std::shared_ptr<FakeSession> session_;
  std::vector<std::uint32_t> told_codes_;
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(WebTransportTest, TheFirstBytesBeginASession) {
  ask();
  EXPECT_EQ(seen_.head, "200 Sec-Webtransport-Http3-Draft: draft02\r\n");
  EXPECT_EQ(endpoint_->connections(), 1u);
  EXPECT_FALSE(session_);
  send("{\"id\":1,");
  ASSERT_TRUE(session_);
  EXPECT_TRUE(session_->frames.empty());
  EXPECT_EQ(session_->info.transport, "webtransport");
  EXPECT_EQ(session_->info.accept_protocol, "h3");
  EXPECT_EQ(session_->info.variant.framing, protocol::Framing::lines);
  EXPECT_EQ(session_->info.headers, (std::vector<std::pair<std::string, std::string>>{{"x-user", "ann"}}));
  send("\"c\":{}}\n");
  EXPECT_EQ(session_->frames, std::vector<std::string>{"{\"id\":1,\"c\":{}}\n"});
}

TEST_F(WebTransportTest, SpeaksProtobufWhenAsked) {
  ask("cf_protocol=protobuf");
  send(
      std::string("\x03"
                  "abc"));
  EXPECT_EQ(session_->info.variant.encoding, protocol::Encoding::protobuf);
  EXPECT_EQ(session_->info.variant.framing, protocol::Framing::length_prefixed);
  EXPECT_EQ(session_->frames, std::vector<std::string>{std::string("\x03"
                                                                   "abc")});
}

TEST_F(WebTransportTest, RefusesOtherRequestsAndOrigins) {
  ask("", "https://example.com", "");
  EXPECT_EQ(carrier_.answered, 400);
  ask("", "https://example.org");
  EXPECT_EQ(carrier_.answered, 403);
  EXPECT_EQ(endpoint_->connections(), 0u);
}

TEST_F(WebTransportTest, SendsFramesAsTheyAre) {
  ask();
  send("{}\n");
  session_->connection.send(SharedBytes::copy("one\n"));
  session_->connection.send(SharedBytes::copy("two\n"));
  EXPECT_EQ(session_->connection.queued_bytes(), 8u);
  loop_.turn(0);
  EXPECT_EQ(seen_.written, "one\ntwo\n");
}

TEST_F(WebTransportTest, PausesAndResumesReading) {
  ask();
  send("pause\n");
  EXPECT_TRUE(seen_.paused);
  session_->connection.resume_reading();
  EXPECT_FALSE(seen_.paused);
}

TEST_F(WebTransportTest, TellsCodeAndReasonOfTheEnd) {
  ask();
  send("{}\n");
  session_->connection.send(SharedBytes::copy("bye\n"));
  session_->connection.close(3503, "force disconnect");
  EXPECT_EQ(seen_.written, "bye\n");
  EXPECT_EQ(seen_.code, 3503u);
  EXPECT_EQ(seen_.reason, "force disconnect");
  EXPECT_EQ(told_codes_, std::vector<std::uint32_t>{3503});
  EXPECT_EQ(session_->closed, 1);
  EXPECT_EQ(endpoint_->connections(), 0u);
}

TEST_F(WebTransportTest, AMessageThatIsTooBigEndsIt) {
  ask();
  send("{}\n");
  send(std::string(21, 'x'));
  EXPECT_EQ(seen_.code, 3000u);
  EXPECT_EQ(session_->closed, 1);
}

TEST_F(WebTransportTest, TheClientMayEndIt) {
  ask();
  send("{}\n");
  seen_.handler->on_end();
  EXPECT_TRUE(seen_.closed);
  EXPECT_EQ(session_->closed, 1);
  ask();
  seen_.handler->on_end();
  EXPECT_EQ(endpoint_->connections(), 0u) << "before it began, too";
}

TEST_F(WebTransportTest, ShutdownEndsThemAndTakesNoMore) {
  ask();
  send("{}\n");
  endpoint_->shutdown(10);
  EXPECT_EQ(seen_.code, 3001u);
  EXPECT_EQ(endpoint_->connections(), 0u);
  ask();
  EXPECT_EQ(carrier_.answered, 503);
}

}  // namespace
}  // namespace whirl::transport::webtransport
