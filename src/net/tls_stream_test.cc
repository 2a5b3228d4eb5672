#include "net/tls_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "net/acceptor.h"
#include "net/connector.h"
#include "net/tls_certificate.h"
#include "testing/tls_identity.h"

namespace whirl::net {
namespace {

using Identity = whirl::testing::TlsIdentity;
using ::testing::StartsWith;

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
  auto error = [](const TlsServerOptions& options) {
    auto context = TlsContext::server(options);
    return context ? "" : context.error().message;
  };
  const std::string& certificate = identity.certificate;
  EXPECT_THAT(error({.certificate = "nonsense", .key = identity.key}), StartsWith("cert_pem has no"));
  EXPECT_THAT(error({.certificate = certificate, .key = "nonsense"}), StartsWith("key_pem has no"));
  EXPECT_THAT(error({.certificate = certificate, .key = Identity().key}), StartsWith("key_pem is not"));
  EXPECT_THAT(error({.certificate = certificate, .key = identity.key, .client_ca = "nonsense"}),
              StartsWith("client_ca_pem"));
  auto outgoing = TlsContext::client({.ca = "nonsense"});
  ASSERT_FALSE(outgoing);
  EXPECT_THAT(outgoing.error().message, StartsWith("server_ca_pem"));
}

/// Knows one name.
class OneName final : public CertificateSource {
 public:
  explicit OneName(const Identity& identity)
      : certificate_(*TlsCertificate::parse(identity.certificate, identity.key)) {}
  TlsCertificatePtr find(std::string_view name) override {
    return name == "localhost" ? certificate_ : nullptr;
  }
  TlsCertificatePtr find_challenge(std::string_view) override { return nullptr; }

 private:
  TlsCertificatePtr certificate_;
};

TEST_F(TlsStreamTest, ASourceChoosesByName) {
  listen({.source = std::make_shared<OneName>(identity)});
  connect({.ca = identity.certificate, .server_name = "localhost"});
  turn_until([&] { return client.stream != nullptr; });
  client.stream->write("hello");
  turn_until([&] { return server.got == "hello"; });
  EXPECT_EQ(server.got, "hello");
}

TEST_F(TlsStreamTest, ASourceWithoutACertificateRefuses) {
  listen({.source = std::make_shared<OneName>(identity)});
  connect({.server_name = "elsewhere.example", .insecure_skip_verify = true});
  turn_until([&] { return client.ended; });
  EXPECT_TRUE(client.ended);
}

TEST_F(TlsStreamTest, ACertificateKnowsItsNameAndTime) {
  auto certificate = TlsCertificate::parse(identity.certificate, identity.key);
  ASSERT_TRUE(certificate);
  EXPECT_TRUE((*certificate)->covers("localhost"));
  EXPECT_FALSE((*certificate)->covers("elsewhere.example"));
  EXPECT_NEAR(static_cast<double>((*certificate)->not_after()), static_cast<double>(unix_seconds() + 3600),
              60);
  EXPECT_LT((*certificate)->not_before(), unix_seconds());
}

TEST_F(TlsStreamTest, AnAcceptorTakesAnotherCertificateForConnectionsToCome) {
  listen({.certificate = identity.certificate, .key = identity.key});
  connect({.ca = identity.certificate, .server_name = "localhost"});
  turn_until([&] { return client.stream && server.stream; });
  client.stream->write("one");
  turn_until([&] { return server.got == "one"; });

  const Identity next;
  acceptor->use(*TlsContext::server({.certificate = next.certificate, .key = next.key}));
  client.stream->write(", two");
  turn_until([&] { return server.got == "one, two"; });
  EXPECT_EQ(server.got, "one, two");
  client.stream.reset();
  server.got.clear();
  connect({.ca = next.certificate, .server_name = "localhost"});
  turn_until([&] { return client.stream != nullptr; });
  client.stream->write("three");
  turn_until([&] { return server.got == "three"; });
  EXPECT_EQ(server.got, "three");
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
