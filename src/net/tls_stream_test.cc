#include "net/tls_stream.h"

#include <gtest/gtest.h>

#include "net/acceptor.h"
#include "net/connector.h"
#include "testing/tls_identity.h"

namespace whirl::net {
namespace {

using Identity = whirl::testing::TlsIdentity;

/// One end of a connection that keeps what it gets.
struct End final : StreamHandler {
  void take(StreamPtr s) {
    stream = std::move(s);
    stream->set_handler(this);
  }
  void on_data(std::span<char> bytes) override { got.append(bytes.data(), bytes.size()); }
  void on_end() override { ended = true; }
  StreamPtr stream;
  std::string got;
  bool ended = false;
};

class TlsStreamTest : public ::testing::Test {
 protected:
  void listen(const TlsServerOptions& options) {
    auto context = TlsContext::server(options);
    ASSERT_TRUE(context) << context.error().message;
    auto listeners = open_listeners({.host = "127.0.0.1"}, 1);
    port = local_port(listeners->front());
    acceptor = std::make_unique<Acceptor>(
        loop, std::move(listeners->front()), [this](StreamPtr stream) { server.take(std::move(stream)); },
        *context);
  }

  void connect(const TlsClientOptions& options) {
    auto context = TlsContext::client(options);
    ASSERT_TRUE(context) << context.error().message;
    connector.start({.host = "127.0.0.1", .port = port}, 20000, *context, [this](Result<StreamPtr> stream) {
      ASSERT_TRUE(stream) << stream.error().message;
      client.take(std::move(*stream));
    });
  }

  template <class Condition>
  void turn_until(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) loop.turn(10);
  }

  Identity identity;
  Loop loop;
  Connector connector{loop};
  std::unique_ptr<Acceptor> acceptor;
  End server;
  End client;
  int port = 0;
};

TEST_F(TlsStreamTest, CarriesBytesBothWaysToAVerifiedServer) {
  listen({.certificate = identity.certificate, .key = identity.key});
  connect({.ca = identity.certificate, .server_name = "localhost"});
  turn_until([&] { return client.stream && server.stream; });
  client.stream->write("ping");
  turn_until([&] { return server.got == "ping"; });
  EXPECT_TRUE(server.stream->encrypted());
  server.stream->write("po");
  server.stream->write("ng");
  turn_until([&] { return client.got == "pong"; });
  EXPECT_EQ(client.got, "pong");
}

TEST_F(TlsStreamTest, LargeAmountsPassInBothDirections) {
  listen({.certificate = identity.certificate, .key = identity.key});
  connect({.insecure_skip_verify = true});
  turn_until([&] { return client.stream && server.stream; });
  std::string large(3'000'000, 'x');
  client.stream->write(large);
  server.stream->write(large);
  for (int i = 0; i < 1000; ++i) server.stream->write("small");
  turn_until([&] { return server.got.size() == large.size() && client.got.size() == large.size() + 5000; });
  EXPECT_EQ(server.got.size(), large.size());
  EXPECT_EQ(client.got.size(), large.size() + 5000);
  EXPECT_TRUE(client.got.ends_with("smallsmall"));
}

TEST_F(TlsStreamTest, AnEndArrivesBehindTheData) {
  listen({.certificate = identity.certificate, .key = identity.key});
  connect({.insecure_skip_verify = true});
  turn_until([&] { return client.stream && server.stream; });
  client.stream->write("bye");
  client.stream->close_after_flush();
  client.stream.reset();
  turn_until([&] { return server.ended; });
  EXPECT_EQ(server.got, "bye");
  EXPECT_TRUE(server.ended);
}

TEST_F(TlsStreamTest, AnUntrustedServerIsRefused) {
  listen({.certificate = identity.certificate, .key = identity.key});
  connect({.ca = Identity().certificate, .server_name = "localhost"});
  turn_until([&] { return client.ended; });
  EXPECT_TRUE(client.stream->closed());
}

TEST_F(TlsStreamTest, AServerOfAnotherNameIsRefused) {
  listen({.certificate = identity.certificate, .key = identity.key});
  connect({.ca = identity.certificate});  // the certificate is not for 127.0.0.1
  turn_until([&] { return client.ended; });
  EXPECT_TRUE(client.stream->closed());
}

TEST_F(TlsStreamTest, ClientsWithoutTheRequiredCertificateAreRefused) {
  listen({.certificate = identity.certificate, .key = identity.key, .client_ca = identity.certificate});
  connect({.insecure_skip_verify = true});
  turn_until([&] { return server.ended; });
  EXPECT_TRUE(server.stream->closed());
}

TEST_F(TlsStreamTest, ClientsWithTheRequiredCertificateMayTalk) {
  listen({.certificate = identity.certificate, .key = identity.key, .client_ca = identity.certificate});
  connect({.certificate = identity.certificate, .key = identity.key, .insecure_skip_verify = true});
  turn_until([&] { return client.stream != nullptr; });
  client.stream->write("hello");
  turn_until([&] { return server.got == "hello"; });
  EXPECT_EQ(server.got, "hello");
}

TEST_F(TlsStreamTest, BadPemIsNamed) {
  auto context = TlsContext::server({.certificate = "nonsense", .key = identity.key});
  ASSERT_FALSE(context);
  EXPECT_NE(context.error().message.find("certificate"), std::string::npos);
  EXPECT_FALSE(TlsContext::server({.certificate = identity.certificate, .key = "nonsense"}));
  EXPECT_FALSE(TlsContext::server({.certificate = identity.certificate, .key = Identity().key}));
  EXPECT_FALSE(TlsContext::client({.ca = "nonsense"}));
}

TEST_F(TlsStreamTest, AConnectorSaysWhyItFailed) {
  std::string error;
  listen({.certificate = identity.certificate, .key = identity.key});
  acceptor->close();
  connector.start({.host = "127.0.0.1", .port = port}, 2000, nullptr, [&](Result<StreamPtr> stream) {
    ASSERT_FALSE(stream);
    error = stream.error().message;
  });
  EXPECT_EQ(error, "");
  turn_until([&] { return !error.empty(); });
  EXPECT_NE(error.find("refused"), std::string::npos);
}

TEST_F(TlsStreamTest, AConnectorLooksUpNamesAndCanBeGivenUp) {
  std::string error;
  connector.start({.host = "no.such.host.invalid", .port = 1}, 10'000, nullptr,
                  [&](Result<StreamPtr> stream) { error = stream ? "found" : stream.error().message; });
  turn_until([&] { return !error.empty(); });
  EXPECT_NE(error.find("no.such.host.invalid"), std::string::npos);
  connector.start({.host = "no.such.host.invalid", .port = 1}, 10'000, nullptr,
                  [](Result<StreamPtr>) { FAIL(); });
  connector.cancel();
  loop.turn();
}

}  // namespace
}  // namespace whirl::net
