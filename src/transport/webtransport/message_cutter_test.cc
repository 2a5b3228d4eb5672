#include "transport/webtransport/message_cutter.h"

#include <gtest/gtest.h>

#include <vector>

namespace whirl::transport::webtransport {
namespace {

using protocol::Encoding;
using State = MessageCutter::State;

std::string with_length(std::string_view message) {
  return static_cast<char>(message.size()) + std::string(message);
}

TEST(MessageCutter, GivesWholeLinesTogether) {
  MessageCutter cutter(Encoding::json, 100);
  EXPECT_EQ(cutter.feed("{}\n{\"id\":1}\n{\"i"), State::ok);
  EXPECT_EQ(cutter.messages(), "{}\n{\"id\":1}\n");
  EXPECT_EQ(cutter.feed("d\":2}"), State::ok);
  EXPECT_EQ(cutter.messages(), "");
  EXPECT_EQ(cutter.feed("\n"), State::ok);
  EXPECT_EQ(cutter.messages(), "{\"id\":2}\n");
}

TEST(MessageCutter, GivesWholeMessagesWithTheirLengths) {
  MessageCutter cutter(Encoding::protobuf, 100);
  const std::string all = with_length("one") + with_length("") + with_length("three");
  EXPECT_EQ(cutter.feed(std::string_view(all).substr(0, 7)), State::ok);
  EXPECT_EQ(cutter.messages(), with_length("one") + with_length(""));
  EXPECT_EQ(cutter.feed(std::string_view(all).substr(7)), State::ok);
  EXPECT_EQ(cutter.messages(), with_length("three"));
}

TEST(MessageCutter, ByteForByteIsTheSame) {
  for (Encoding encoding : {Encoding::json, Encoding::protobuf}) {
    const std::string all =
        encoding == Encoding::json ? "{\"a\":1}\n{}\n" : with_length("abc") + with_length("d");
    MessageCutter cutter(encoding, 100);
    std::string got;
    for (char c : all) {
      ASSERT_EQ(cutter.feed({&c, 1}), State::ok);
      got += cutter.messages();
    }
    EXPECT_EQ(got, all);
  }
}

TEST(MessageCutter, AMessageHasALargestSize) {
  MessageCutter lines(Encoding::json, 5);
  EXPECT_EQ(lines.feed("12345\n1234"), State::ok);
  EXPECT_EQ(lines.feed("56"), State::too_big);
  MessageCutter good_before(Encoding::json, 5);
  EXPECT_EQ(good_before.feed("{}\n123456\n"), State::too_big);
  EXPECT_EQ(good_before.messages(), "{}\n");
  MessageCutter lengths(Encoding::protobuf, 5);
  EXPECT_EQ(lengths.feed(with_length("12345")), State::ok);
  EXPECT_EQ(lengths.feed("\x06"), State::too_big) << "before the message itself has come";
}

TEST(MessageCutter, ALengthHasAnEnd) {
  MessageCutter cutter(Encoding::protobuf, 100);
  EXPECT_EQ(cutter.feed(std::string(9, '\xff')), State::ok);
  EXPECT_EQ(cutter.feed("\xff"), State::malformed);
}

}  // namespace
}  // namespace whirl::transport::webtransport
