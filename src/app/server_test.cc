#include "app/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "app/process.h"
#include "base/log.h"
#include "net/http_client.h"
#include "testing/tls_identity.h"

namespace whirl::app {
namespace {

using ::testing::HasSubstr;

/// A whole server in this process, on a free port, stopped by the signals that a real one gets.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    block_signals();
    log::set_level(log::Level::none);
    config.http_server.address = "127.0.0.1";
    config.http_server.port = 0;
    config.health.enabled = true;
    config.prometheus.enabled = true;
    config.http_api.key = "key";
  }

  ~ServerTest() override {
    if (thread.joinable()) stop();
    log::set_level(log::Level::info);
  }

  void start() {
    auto made = Server::create(config, options);
    ASSERT_TRUE(made) << made.error().message;
    server = std::move(*made);
    port = net::local_port(server->listeners().front().sockets.front());
    thread = std::thread([this] { exit_code = server->run(); });
  }

  void stop() {
    ::kill(::getpid(), SIGTERM);
    thread.join();
  }

  net::HttpResponse ask(net::HttpRequest request, std::string_view path) {
    request.url = fmt::format("{}://127.0.0.1:{}{}", scheme, port, path);
    net::Loop loop;
    net::HttpClient client(loop);
    net::HttpResponse out;
    bool done = false;
    client.send(std::move(request), [&](net::HttpResponse response) {
      out = std::move(response);
      done = true;
    });
    while (!done) loop.turn(100);
    return out;
  }

  config::Config config;
  ServeOptions options;
  std::unique_ptr<Server> server;
  std::thread thread;
  std::string scheme = "http";
  int port = 0;
  int exit_code = -1;
};

TEST_F(ServerTest, ServesUntilItIsToldToStop) {
  start();
  net::HttpResponse health = ask({}, "/health");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.body, "{}");
  EXPECT_EQ(ask({}, "/nothing").status, 404);
  stop();
  EXPECT_EQ(exit_code, 0);
  EXPECT_FALSE(ask({}, "/health").answered());
}

TEST_F(ServerTest, APageIsServedAtTheRootOnly) {
  options.page = "<p>hello</p>";
  start();
  EXPECT_EQ(ask({}, "/").body, "<p>hello</p>");
  EXPECT_EQ(ask({}, "/other").status, 404);
  EXPECT_EQ(ask({}, "/health").body, "{}");
}

TEST_F(ServerTest, MetricsAreThoseOfAllLoops) {
  start();
  EXPECT_EQ(ask({.method = "POST", .headers = {{"X-API-Key", "key"}}, .body = "{}"}, "/api/info").status,
            200);
  net::HttpResponse metrics = ask({}, "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_THAT(metrics.body, HasSubstr("centrifugo_node_num_nodes 1\n"));
  EXPECT_THAT(
      metrics.body,
      HasSubstr("centrifugo_api_command_duration_seconds_count{method=\"info\",protocol=\"http\"} 1\n"));
  EXPECT_THAT(metrics.body, HasSubstr("process_resident_memory_bytes "));
}

TEST_F(ServerTest, RequestsAreCountedByRouteIfAskedFor) {
  config.prometheus.instrument_http_handlers = true;
  start();
  ask({}, "/health");
  ask({.method = "POST"}, "/api/info");
  ask({}, "/nothing");
  std::string shown = ask({}, "/metrics").body;
  EXPECT_THAT(shown,
              HasSubstr("incoming_http_requests_total{method=\"GET\",path=\"/health\",status=\"200\"} 1\n"));
  EXPECT_THAT(shown, HasSubstr("{method=\"POST\",path=\"/api/info\",status=\"401\"} 1\n"));
  EXPECT_THAT(shown, ::testing::Not(HasSubstr("/nothing")));
}

TEST_F(ServerTest, SpeaksTlsWithTheCertificateOfTheConfiguration) {
  testing::TlsIdentity identity;
  config.http_server.tls.enabled = true;
  config.http_server.tls.cert_pem = identity.certificate;
  config.http_server.tls.key_pem = identity.key;
  start();
  scheme = "https";
  net::HttpRequest request;
  request.tls.ca = identity.certificate;
  request.tls.server_name = "localhost";
  EXPECT_EQ(ask(std::move(request), "/health").status, 200);
  EXPECT_FALSE(ask({}, "/health").answered());
}

TEST_F(ServerTest, ATakenPortIsAnError) {
  start();
  config.http_server.port = port;
  auto second = Server::create(config, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another process listens there"));
}

TEST_F(ServerTest, WhatCannotBeServedIsAnError) {
  config.client.token.hmac_secret_key = "";
  config.client.token.rsa_public_key = "no key";
  auto made = Server::create(config, {});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("client.token"));
}

TEST(PidFileTest, IsThereWhileTheServerRuns) {
  char folder[] = "/tmp/whirl-app-XXXXXX";
  ASSERT_TRUE(::mkdtemp(folder));
  std::string path = std::string(folder) + "/server.pid";
  {
    auto file = PidFile::write(path);
    ASSERT_TRUE(file);
    int pid = 0;
    std::ifstream(path) >> pid;
    EXPECT_EQ(pid, ::getpid());
  }
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
  ::rmdir(folder);
  EXPECT_FALSE(PidFile::write("/no/such/folder/server.pid"));
}

TEST(DescriptorLimitTest, IsRaisedToWhatIsAllowed) {
  DescriptorLimit limit = raise_descriptor_limit();
  EXPECT_GE(limit.now, limit.before);
  EXPECT_EQ(raise_descriptor_limit().before, limit.now);
}

}  // namespace
}  // namespace whirl::app
