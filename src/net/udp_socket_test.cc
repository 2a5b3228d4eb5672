#include "net/udp_socket.h"

#include <gtest/gtest.h>

#include <string>

namespace whirl::net {
namespace {

/// Remembers what came, and can answer.
class Mailbox final : public DatagramHandler {
 public:
  void on_datagram(std::span<const std::uint8_t> bytes, const UdpPath& path) override {
    got.emplace_back(bytes.begin(), bytes.end());
    last = path;
  }
  std::vector<std::string> got;
  UdpPath last;
};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Two sockets that know each other's address.
class UdpSocketTest : public testing::Test {
 protected:
  static Fd open_one(const std::string& host) {
    auto sockets = open_udp({.host = host, .port = 0}, 1);
    EXPECT_TRUE(sockets) << sockets.error().message;
    return std::move(sockets->front());
  }
  static SocketAddress at(int port) {
    auto address = resolve_local("127.0.0.1", port, SOCK_DGRAM);
    EXPECT_TRUE(address);
    return *address;
  }
  UdpPath to(const UdpSocket& socket) { return {{}, at(socket.port())}; }
  void turn_until(const std::vector<std::string>& got, std::size_t count) {
    for (int i = 0; i < 200 && got.size() < count; ++i) loop_.turn(10);
  }

  Loop loop_;
  Mailbox one_box_;
  Mailbox two_box_;
  UdpSocket one_{loop_, open_one("127.0.0.1"), one_box_};
  UdpSocket two_{loop_, open_one("127.0.0.1"), two_box_};
};

TEST_F(UdpSocketTest, SendsAtTheEndOfTheTurnAndKnowsWhoSent) {
  one_.send_datagrams(bytes_of("hello"), 5, to(two_));
  turn_until(two_box_.got, 1);
  EXPECT_EQ(two_box_.got, std::vector<std::string>{"hello"});
  EXPECT_EQ(two_box_.last.peer.text(), fmt::format("127.0.0.1:{}", one_.port()));
  EXPECT_EQ(two_box_.last.local.text(), fmt::format("127.0.0.1:{}", two_.port()));

  two_.send_datagrams(bytes_of("and back"), 8, two_box_.last);
  turn_until(one_box_.got, 1);
  EXPECT_EQ(one_box_.got, std::vector<std::string>{"and back"});
}

TEST_F(UdpSocketTest, CutsATrainIntoItsDatagrams) {
  one_.send_datagrams(bytes_of("aaaabbbbcc"), 4, to(two_));
  one_.send_datagrams(bytes_of("alone"), 5, to(two_));
  one_.send_datagrams(bytes_of("xxyyz"), 2, to(two_));
  turn_until(two_box_.got, 7);
  EXPECT_EQ(two_box_.got, (std::vector<std::string>{"aaaa", "bbbb", "cc", "alone", "xx", "yy", "z"}));
}

TEST_F(UdpSocketTest, MoreThanOneBatchComesThrough) {
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) {
    sent.push_back(std::to_string(i));
    one_.send_datagrams(bytes_of(sent.back()), 9, to(two_));
  }
  turn_until(two_box_.got, sent.size());
  EXPECT_EQ(two_box_.got, sent);
}

TEST_F(UdpSocketTest, AnswersFromTheAddressThatWasAsked) {
  Mailbox everywhere_box;
  UdpSocket everywhere(loop_, open_one(""), everywhere_box);
  one_.send_datagrams(bytes_of("ask"), 3, to(everywhere));
  turn_until(everywhere_box.got, 1);
  EXPECT_EQ(everywhere_box.last.local.host(), "127.0.0.1");
  EXPECT_EQ(everywhere_box.last.peer.host(), "127.0.0.1");
  everywhere.send_datagrams(bytes_of("answer"), 6, everywhere_box.last);
  turn_until(one_box_.got, 1);
  EXPECT_EQ(one_box_.got, std::vector<std::string>{"answer"});
}

TEST_F(UdpSocketTest, APortThatIsTakenIsRefused) {
  auto again = open_udp({.host = "127.0.0.1", .port = one_.port()}, 2);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("(UDP)"), std::string::npos) << again.error().message;
  EXPECT_FALSE(open_udp({.host = "no such host", .port = 1}, 1));
}

TEST_F(UdpSocketTest, AClosedSocketTakesAndGivesNothing) {
  one_.send_datagrams(bytes_of("last"), 4, to(two_));
  one_.close();
  one_.send_datagrams(bytes_of("too late"), 8, to(two_));
  turn_until(two_box_.got, 1);
  EXPECT_EQ(two_box_.got, std::vector<std::string>{"last"});
}

}  // namespace
}  // namespace whirl::net
