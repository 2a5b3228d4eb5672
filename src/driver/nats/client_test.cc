#include "driver/nats/client.h"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "net/loop.h"
#include "testing/loopback.h"
#include "testing/nats_server.h"
#include "testing/tls_identity.h"

namespace whirl::driver::nats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::NatsServer;

class NatsClientTest : public ::testing::Test {
 protected:
  static Options options_for(const std::string& url) {
    Options options;
    options.urls = {url};
    options.dial_timeout_ms = 10'000;
    options.write_timeout_ms = 10'000;
    return options;
  }

  void connect(Options options) {
    options.on_change = [this](bool now, const std::string&) { works_ = now; };
    auto opened = Connection::open(std::move(options));
    ASSERT_TRUE(opened) << opened.error().message;
    connection_ = *opened;
    client_ = std::make_unique<Client>(loop_, connection_);
  }

  /// Why nothing can be published with these options; empty if it can.
  std::string refusal(Options options) {
    connect(std::move(options));
    auto result = publish("a", "1");
    return result ? "" : result.error().message;
  }

  bool run_until(const std::function<bool()>& condition) {
    const std::int64_t deadline = monotonic_ms() + 20'000;
    while (!condition()) {
      if (monotonic_ms() > deadline) return false;
      loop_.turn(20);
    }
    return true;
  }

  Result<> publish(const std::string& subject, const std::string& data) {
    return wait([&](Client::Done done) { client_->publish(subject, data, std::move(done)); });
  }
  Result<> subscribe(const std::string& subject) {
    return wait([&](Client::Done done) {
      number_ = client_->subscribe(
          subject,
          [this](std::string_view from, std::string_view data) {
            got_.push_back(std::string(from) + " " + std::string(data));
          },
          std::move(done));
    });
  }
  Result<> wait(const std::function<void(Client::Done)>& call) {
    auto answer = std::make_shared<std::optional<Result<>>>();
    call([answer](Result<> result) { *answer = std::move(result); });
    if (!run_until([&] { return answer->has_value(); })) return fail("no answer");
    return **answer;
  }
  bool got(std::size_t count) {
    return run_until([&] { return got_.size() >= count; });
  }

  net::Loop loop_;
  std::vector<std::string> got_;
  std::uint64_t number_ = 0;
  std::atomic<bool> works_{true};
  std::shared_ptr<Connection> connection_;
  std::unique_ptr<Client> client_;
};

TEST_F(NatsClientTest, DeliversWhatIsPublished) {
  NatsServer server;
  connect(options_for(server.url()));
  ASSERT_TRUE(subscribe("a.*"));
  EXPECT_TRUE(publish("a.b", "1"));
  EXPECT_TRUE(publish("c", "not for us"));
  EXPECT_TRUE(publish("a.c", ""));
  ASSERT_TRUE(got(2));
  EXPECT_THAT(got_, ElementsAre("a.b 1", "a.c "));
}

TEST_F(NatsClientTest, AnUnsubscribedSubjectIsSilent) {
  NatsServer server;
  connect(options_for(server.url()));
  ASSERT_TRUE(subscribe("a"));
  EXPECT_TRUE(wait([&](Client::Done done) { client_->unsubscribe(number_, std::move(done)); }));
  EXPECT_TRUE(publish("a", "1"));
  ASSERT_TRUE(subscribe("a"));
  EXPECT_TRUE(publish("a", "2"));
  ASSERT_TRUE(got(1));
  EXPECT_THAT(got_, ElementsAre("a 2"));
}

TEST_F(NatsClientTest, ABatchKeepsItsOrder) {
  NatsServer server;
  connect(options_for(server.url()));
  int confirmed = 0;
  client_->subscribe(
      "n", [this](std::string_view, std::string_view data) { got_.emplace_back(data); }, [](Result<>) {});
  for (int i = 0; i < 2000; ++i) {
    client_->publish("n", std::to_string(i), [&](Result<> result) { confirmed += result ? 1 : 0; });
  }
  ASSERT_TRUE(got(2000));
  ASSERT_TRUE(run_until([&] { return confirmed == 2000; }));
  for (std::size_t i = 0; i < 2000; ++i) ASSERT_EQ(got_[i], std::to_string(i));
}

TEST_F(NatsClientTest, RefusesWhatIsNoSubject) {
  NatsServer server;
  connect(options_for(server.url()));
  EXPECT_FALSE(publish("a b", "1"));
  EXPECT_FALSE(subscribe("a..b"));
  EXPECT_TRUE(publish("a", "the connection has not suffered"));
}

TEST_F(NatsClientTest, AMessageThatIsTooLongFailsAlone) {
  NatsServer server;
  connect(options_for(server.url()));
  auto result = publish("a", std::string(2 * 1024 * 1024, 'x'));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("Payload"));
  EXPECT_TRUE(publish("a", "1"));
}

TEST_F(NatsClientTest, SubscriptionsComeBackWithTheServer) {
  NatsServer server;
  connect(options_for(server.url()));
  ASSERT_TRUE(subscribe("a"));
  server.kill();
  ASSERT_TRUE(run_until([&] { return !works_; }));
  EXPECT_FALSE(publish("a", "lost"));
  EXPECT_FALSE(subscribe("b")) << "nothing is confirmed that is not there";
  server.start();
  ASSERT_TRUE(run_until([&] { return publish("a", "1").has_value(); }));
  EXPECT_TRUE(works_);
  ASSERT_TRUE(got(1));
  EXPECT_THAT(got_, ElementsAre("a 1"));
  EXPECT_TRUE(publish("b", "to a subscription that failed"));
  ASSERT_TRUE(subscribe("b"));
  EXPECT_TRUE(publish("b", "2"));
  ASSERT_TRUE(got(2));
  EXPECT_THAT(got_, ElementsAre("a 1", "b 2"));
}

TEST_F(NatsClientTest, TroubleIsKnownWithoutBeingAsked) {
  NatsServer server;
  connect(options_for(server.url()));
  server.kill();
  EXPECT_TRUE(run_until([&] { return !works_; }));
  server.start();
  EXPECT_TRUE(run_until([&] { return works_.load(); }));
}

TEST_F(NatsClientTest, AServerThatHangsIsNotWaitedForLongerThanTheTimeout) {
  NatsServer server;
  Options options = options_for(server.url());
  options.write_timeout_ms = 50;
  connect(options);
  ASSERT_TRUE(run_until([&] { return works_.load(); }));
  server.process().freeze();
  auto result = publish("a", "1");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("did not confirm"));
  server.process().thaw();
  EXPECT_TRUE(run_until([&] { return publish("a", "1").has_value(); }));
}

TEST_F(NatsClientTest, MoreThanCanBeConfirmedFailsAtOnce) {
  NatsServer server;
  connect(options_for(server.url()));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < Client::kMaxUnconfirmed + 3; ++i) {
    client_->publish("a", "1", [&](Result<> result) { refused += result ? 0 : 1; });
  }
  EXPECT_EQ(refused, 3u);
}

TEST_F(NatsClientTest, AServerThatIsNotThereYetIsWaitedFor) {
  NatsServer server;
  server.kill();
  connect(options_for("nats://ann:secret@localhost:" + std::to_string(server.port())));
  EXPECT_FALSE(works_);
  auto result = publish("a", "1");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("cannot connect to NATS at localhost:"));
  EXPECT_THAT(result.error().message, ::testing::Not(HasSubstr("secret")));
  EXPECT_FALSE(subscribe("a")) << "nothing is confirmed that is not there";
  server.start();
  ASSERT_TRUE(run_until([&] { return works_.load(); })) << "without being asked";
  ASSERT_TRUE(subscribe("a"));
  EXPECT_TRUE(publish("a", "2"));
  ASSERT_TRUE(got(1));
  EXPECT_THAT(got_, ElementsAre("a 2"));
}

TEST_F(NatsClientTest, AWrongUrlIsKnownAtOnce) {
  for (const char* bad : {"", "http://a", "nats://", "nats://ann:secret@", "nats://localhost:port",
                          "localhost:", "nats://localhost:65536", "nats://localhost:0"}) {
    auto opened = Connection::open(options_for(bad));
    ASSERT_FALSE(opened) << bad;
    EXPECT_THAT(opened.error().message, ::testing::Not(HasSubstr("secret")));
  }
  for (const char* good : {"localhost", "localhost:1", "tls://ann:a@b@[::1]:65535", "nats://token@[::1]"}) {
    EXPECT_TRUE(check_urls(options_for(good))) << good;
  }
}

TEST_F(NatsClientTest, PasswordsAreChecked) {
  NatsServer server({"--user", "ann", "--pass", "secret"});
  EXPECT_THAT(refusal(options_for(server.url())), HasSubstr("Authorization"));
  connect(options_for("nats://ann:secret@localhost:" + std::to_string(server.port())));
  EXPECT_TRUE(publish("a", "1"));
}

class NatsTlsTest : public NatsClientTest {
 protected:
  static std::string file(const std::string& content) {
    std::string path = ::testing::TempDir() + "nats-" + random_text(12);
    std::ofstream(path) << content;
    return path;
  }
  testing::TlsIdentity identity_;
  NatsServer server_{{"--tls", "--tlscert", file(identity_.certificate), "--tlskey", file(identity_.key)}};
};

TEST_F(NatsTlsTest, AServerIsTrustedByItsAuthority) {
  Options options = options_for(server_.url("tls"));
  EXPECT_NE(refusal(options), "") << "unknown authority";
  options.tls_options.ca = identity_.certificate;
  options.tls_options.server_name = "another";
  EXPECT_NE(refusal(options), "") << "another name";
  options.tls_options.server_name = "";
  connect(options);
  EXPECT_TRUE(publish("a", "1"));
}

TEST_F(NatsTlsTest, VerificationCanBeSkipped) {
  Options options = options_for(server_.url());
  options.tls = true;
  options.tls_options.insecure_skip_verify = true;
  connect(options);
  EXPECT_TRUE(publish("a", "1"));
}

}  // namespace
}  // namespace whirl::driver::nats
