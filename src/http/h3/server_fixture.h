#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "http/h3/credentials.h"
#include "http/h3/quic_server.h"
#include "http/web_transport.h"
#include "testing/quic_client.h"
#include "testing/tls_identity.h"

namespace whirl::http::h3 {

/// What a handler took of a stream, and what came on it.
class Taken final : public net::StreamHandler {
 public:
  void take(Responder responder) {
    Upgraded upgraded = responder.upgrade();
    stream = std::move(upgraded.stream);
    stream->set_handler(this);
    static_cast<MessageStream&>(*stream).send_head({.status = 200, .content_type = "text/plain"});
  }
  WebTransportStream& session() { return static_cast<WebTransportStream&>(*stream); }
  void on_data(std::span<char> bytes) override { got.append(bytes.data(), bytes.size()); }
  void on_end() override { ended = true; }
  void on_drained() override { ++drained; }

  net::StreamPtr stream;
  std::string got;
  bool ended = false;
  int drained = 0;
};

/// The way of the packets from clients to a server, which tests may change.
class Wire final : public net::DatagramHandler {
 public:
  void on_datagram(std::span<const std::uint8_t> bytes, const net::UdpPath& path) override {
    carried += bytes.size();
    to->on_datagram(bytes, path);
  }

  QuicServer* to = nullptr;
  std::size_t carried = 0;  ///< bytes
};

/// A server on the first loop and its clients, which hand each other their packets in memory.
class Http3Test : public ::testing::Test, protected net::DatagramSender {
 protected:
  explicit Http3Test(int loops = 1) : runtime_(loops, clock_) {
    Router router;
    auto add = [&router](std::string path, Handler handler, std::uint64_t max_body = kDefaultBodyLimit) {
      Route route;
      route.path = std::move(path);
      route.handler = std::move(handler);
      route.max_body = max_body;
      router.add(std::move(route));
    };
    add("/hello", [](Request& request, Responder responder) {
      responder.header("X-Method", request.method);
      responder.reply(200, "text/plain", fmt::format("hello {}", request.body));
    });
    add(
        "/small", [](Request&, Responder responder) { responder.empty(204); }, 10);
    add("/later", [this](Request&, Responder responder) { later_.push_back(std::move(responder)); });
    add("/stream", [this](Request&, Responder responder) { taken_.take(std::move(responder)); });
    add("/big", [](Request&, Responder responder) {
      responder.reply(200, "text/plain", std::string(3'000'000, 'x'));
    });
    service_ = std::make_unique<Service>(loop_, std::move(router));
    testing::TlsIdentity identity;
    auto credentials = Credentials::create({identity.certificate, identity.key, ""});
    EXPECT_TRUE(credentials) << credentials.error().message;
    credentials_ = *credentials;
    serve({});
  }

  void serve(QuicLimits limits) {
    server_.reset();
    server_ = std::make_unique<QuicServer>(
        loop_, port_, credentials_,
        [this](QuicStreams& quic) { return std::make_unique<Session>(quic, *service_, head_limits_); },
        limits);
    server_->send_through(*this);
    wire_.to = server_.get();
  }

  testing::QuicClient& client() {
    auto& made = clients_.emplace_back(std::make_unique<testing::QuicClient>(wire_, clock_));
    made->path.peer.set_port(10'000 + static_cast<int>(clients_.size()));
    return *made;
  }
  testing::QuicClient& connected() {
    testing::QuicClient& made = client();
    run();
    EXPECT_TRUE(made.connected());
    return made;
  }
  /// Packets go to and fro until nobody has anything to say.
  void run() {
    for (int quiet = 0; quiet < 3;) {
      clock_.advance(1);
      bool any = false;
      for (auto& one : clients_) any |= one->turn();
      sent_ = false;
      for (int i = 0; i < runtime_.size(); ++i) runtime_.loop(i).turn(0);
      quiet = any || sent_ ? 0 : quiet + 1;
    }
  }
  /// Time goes by in steps that timers keep up with.
  void pass(std::int64_t ms) {
    for (std::int64_t at = 0; at < ms; at += 50) {
      clock_.advance(50);
      run();
    }
  }

  ManualClock clock_;
  net::Runtime runtime_;
  net::Loop& loop_ = runtime_.loop(0);
  QuicPort port_{runtime_};
  HeadLimits head_limits_;
  Taken taken_;
  std::vector<Responder> later_;
  std::unique_ptr<Service> service_;
  std::shared_ptr<const Credentials> credentials_;
  std::unique_ptr<QuicServer> server_;
  Wire wire_;
  std::size_t answered_ = 0;  // bytes that servers sent
  std::vector<std::unique_ptr<testing::QuicClient>> clients_;

 private:
  void send_datagrams(std::span<const std::uint8_t> bytes, std::size_t segment,
                      const net::UdpPath& path) override {
    sent_ = true;
    answered_ += bytes.size();
    for (auto& one : clients_) {
      if (one->path.peer.port() == path.peer.port()) one->send_datagrams(bytes, segment, path);
    }
  }
  bool sent_ = false;
};

}  // namespace whirl::http::h3
