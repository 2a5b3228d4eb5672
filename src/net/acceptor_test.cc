#include "net/acceptor.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>

#include "base/log.h"
#include "testing/peer.h"

namespace whirl::net {
namespace {

using whirl::testing::Peer;

class AcceptorTest : public ::testing::Test {
 protected:
  void accept_on(ListenAddress address) {
    auto listeners = open_listeners(address, 1);
    ASSERT_TRUE(listeners) << listeners.error().message;
    port = local_port(listeners->front());
    acceptor = std::make_unique<Acceptor>(loop, std::move(listeners->front()), [this](StreamPtr stream) {
      stream->set_handler(handler);
      accepted.push_back(std::move(stream));
    });
  }

  ManualClock clock;
  Loop loop{0, clock};
  std::unique_ptr<Acceptor> acceptor;
  std::vector<StreamPtr> accepted;
  StreamHandler* handler = nullptr;  // of the accepted streams
  int port = 0;
};

TEST_F(AcceptorTest, AcceptsOnAFreePortAndKnowsThePeer) {
  accept_on({.host = "127.0.0.1"});
  Peer one = Peer::connect(port);
  Peer two = Peer::connect(port);
  ASSERT_TRUE(one.connected() && two.connected());
  loop.turn();
  ASSERT_EQ(accepted.size(), 2u);
  EXPECT_TRUE(accepted[0]->peer_address().starts_with("127.0.0.1:"));
  accepted[0]->write("welcome");
  loop.turn();
  EXPECT_EQ(one.receive() + two.receive(), "welcome");
}

TEST_F(AcceptorTest, AnEmptyHostTakesIPv4Too) {
  accept_on({});
  Peer peer = Peer::connect(port);
  loop.turn();
  ASSERT_EQ(accepted.size(), 1u);
  EXPECT_TRUE(accepted[0]->peer_address().starts_with("127.0.0.1:"));
}

TEST_F(AcceptorTest, AfterCloseConnectionsAreRefused) {
  accept_on({.host = "127.0.0.1"});
  acceptor->close();
  EXPECT_FALSE(Peer::connect(port).connected());
}

TEST_F(AcceptorTest, ListenersOfOneServerShareTheirPort) {
  auto listeners = open_listeners({.host = "127.0.0.1"}, 3);
  ASSERT_TRUE(listeners);
  ASSERT_EQ(listeners->size(), 3u);
  EXPECT_EQ(local_port((*listeners)[0]), local_port((*listeners)[2]));
}

TEST_F(AcceptorTest, ASecondServerIsToldThatThePortIsTaken) {
  auto listeners = open_listeners({.host = "127.0.0.1"}, 2);
  ASSERT_TRUE(listeners);
  auto second = open_listeners({.host = "127.0.0.1", .port = local_port(listeners->front())}, 2);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another process listens there"), std::string::npos);
}

TEST_F(AcceptorTest, UnknownHostsAndLongPathsAreNamed) {
  auto host = open_listeners({.host = "no.such.host.invalid"}, 1);
  ASSERT_FALSE(host);
  EXPECT_NE(host.error().message.find("no.such.host.invalid"), std::string::npos);
  EXPECT_FALSE(open_listeners({.unix_path = std::string(200, 'a')}, 1));
}

TEST_F(AcceptorTest, UnixSocketsReplaceAStaleFileButNotALiveOne) {
  char folder[] = "/tmp/whirl-acceptor-XXXXXX";
  ASSERT_TRUE(::mkdtemp(folder));
  ListenAddress address{.unix_path = std::string(folder) + "/socket"};
  { auto left_behind = open_listeners(address, 1); }
  accept_on(address);
  Peer peer = Peer::connect_unix(address.unix_path);
  loop.turn();
  ASSERT_EQ(accepted.size(), 1u);
  EXPECT_EQ(accepted[0]->peer_address(), "@");
  EXPECT_FALSE(open_listeners(address, 1));
  ::unlink(address.unix_path.c_str());
  ::rmdir(folder);
}

/// An acceptor behind a load balancer.
class ProxiedAcceptorTest : public AcceptorTest {
 protected:
  ProxiedAcceptorTest() {
    accept_on({.host = "127.0.0.1"});
    acceptor->expect_proxy_headers();
    peer = Peer::connect(port);
  }
  void say(std::string_view bytes) {
    peer.send(bytes);
    for (int i = 0; i < 3; ++i) loop.turn();
  }
  Peer peer;
};

struct Reader final : StreamHandler {
  void on_data(std::span<char> bytes) override { got.append(bytes.data(), bytes.size()); }
  void on_end() override {}
  std::string got;
};

TEST_F(ProxiedAcceptorTest, TheHeaderSaysWhoTheClientIs) {
  Reader reader;
  handler = &reader;
  say("PROXY TCP4 192.0.2.7 ");
  EXPECT_TRUE(accepted.empty());
  say("198.51.100.1 4711 443\r\nhello");
  ASSERT_EQ(accepted.size(), 1u);
  EXPECT_EQ(accepted[0]->peer_address(), "192.0.2.7:4711");
  EXPECT_EQ(accepted[0]->peer_host(), "192.0.2.7");
  EXPECT_EQ(reader.got, "hello");
  accepted.clear();
}

TEST_F(ProxiedAcceptorTest, AHeaderWithoutASourceLeavesThePeer) {
  say("PROXY UNKNOWN\r\n");
  ASSERT_EQ(accepted.size(), 1u);
  EXPECT_TRUE(accepted[0]->peer_address().starts_with("127.0.0.1:"));
}

TEST_F(ProxiedAcceptorTest, WhoSendsSomethingElseIsCutOff) {
  say("GET / HTTP/1.1\r\n");
  EXPECT_TRUE(accepted.empty());
  EXPECT_TRUE(peer.at_end());
}

TEST_F(ProxiedAcceptorTest, WhoSendsNothingIsCutOffAfterAWhile) {
  say("PROXY ");
  clock.advance(ProxyGreeting::kTimeoutMs + 10);
  for (int i = 0; i < 3; ++i) loop.turn();
  EXPECT_TRUE(accepted.empty());
  EXPECT_TRUE(peer.at_end());
}

TEST_F(ProxiedAcceptorTest, WhoIsStillGreetingWhenItClosesIsCutOff) {
  say("PROXY ");
  acceptor->close();
  EXPECT_TRUE(peer.at_end());
}

TEST_F(AcceptorTest, WithoutDescriptorsItPausesAndContinues) {
  accept_on({.host = "127.0.0.1"});
  Peer peer = Peer::connect(port);
  log::set_level(log::Level::none);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  ::setrlimit(RLIMIT_NOFILE, &none);
  loop.turn();
  ::setrlimit(RLIMIT_NOFILE, &before);
  log::set_level(log::Level::info);
  EXPECT_TRUE(accepted.empty());
  clock.advance(1000);
  loop.turn();
  loop.turn();
  EXPECT_EQ(accepted.size(), 1u);
}

}  // namespace
}  // namespace whirl::net
