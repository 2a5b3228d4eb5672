#include "driver/redis/slots.h"

#include <gtest/gtest.h>

namespace whirl::driver::redis {
namespace {

Value parse(Parser& parser, std::string_view bytes) {
  parser.feed(bytes);
  Value value;
  EXPECT_TRUE(parser.next(value).value());
  return value;
}

TEST(SlotsTest, KeysHaveTheSlotsOfTheClusterSpecification) {
  EXPECT_EQ(slot_of("123456789"), 0x31C3 % kSlots) << "the check value of the CRC";
  EXPECT_EQ(slot_of("foo"), 12182);
  EXPECT_EQ(slot_of("{user1000}.following"), slot_of("user1000"));
  EXPECT_EQ(slot_of("foo{}{bar}"), slot_of("foo{}{bar}"));
  EXPECT_NE(slot_of("foo{}{bar}"), slot_of("bar")) << "empty braces: the whole key";
  EXPECT_EQ(slot_of("foo{{bar}}zap"), slot_of("{bar"));
  EXPECT_EQ(slot_of("foo{bar}{zap}"), slot_of("bar"));
}

TEST(SlotsTest, ChannelsAreSpreadOverShardsConsistently) {
  EXPECT_EQ(consistent_index("anything", 1), 0);
  int moved = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string channel = "channel-" + std::to_string(i);
    const int of_three = consistent_index(channel, 3);
    const int of_four = consistent_index(channel, 4);
    EXPECT_TRUE(of_three == of_four || of_four == 3) << "a channel moves to the new shard or not at all";
    if (of_three != of_four) ++moved;
  }
  EXPECT_NEAR(moved, 250, 60);
}

TEST(SlotsTest, ReadsWhoServesWhat) {
  Parser parser;
  const Value answer =
      parse(parser,
            "*2\r\n"
            "*4\r\n:0\r\n:8191\r\n*2\r\n$9\r\n127.0.0.1\r\n:7000\r\n*2\r\n$0\r\n\r\n:7003\r\n"
            "*3\r\n:8192\r\n:16000\r\n*2\r\n$-1\r\n:7001\r\n");
  auto table = read_slots(answer, {.host = "seed", .port = 1});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->server_of(0)->master.text(), "127.0.0.1:7000");
  EXPECT_EQ(table->server_of(8191)->replicas.at(0).text(), "seed:7003")
      << "an unknown host is the one that was asked";
  EXPECT_EQ(table->server_of(8192)->master.text(), "seed:7001");
  EXPECT_EQ(table->server_of(16001), nullptr) << "nobody serves it";
}

TEST(SlotsTest, SaysWhatIsWrongWithATable) {
  for (std::string_view bytes :
       {"*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n", "*1\r\n*2\r\n:0\r\n:1\r\n", ":1\r\n"}) {
    Parser parser;
    EXPECT_FALSE(read_slots(parse(parser, bytes), {})) << bytes;
  }
  Parser parser;
  EXPECT_EQ(read_slots(parse(parser, "*0\r\n"), {}).error().message,
            "the Cluster has no slots: was it created?");
}

TEST(SlotsTest, ReadsRedirections) {
  Redirection to;
  ASSERT_TRUE(read_redirection("MOVED 3999 127.0.0.1:6381", {}, to));
  EXPECT_FALSE(to.ask);
  EXPECT_EQ(to.slot, 3999);
  EXPECT_EQ(to.to.text(), "127.0.0.1:6381");
  ASSERT_TRUE(read_redirection("ASK 1 ::1:6381", {}, to));
  EXPECT_TRUE(to.ask);
  EXPECT_EQ(to.to.text(), "[::1]:6381");
  ASSERT_TRUE(read_redirection("MOVED 1 :6381", {.host = "asked"}, to));
  EXPECT_EQ(to.to.text(), "asked:6381");
  for (std::string_view other :
       {"ERR no", "MOVED", "MOVED x a:1", "MOVED 16384 a:1", "MOVED 1 a", "MOVED 1 a:x"}) {
    EXPECT_FALSE(read_redirection(other, {}, to)) << other;
  }
}

}  // namespace
}  // namespace whirl::driver::redis
