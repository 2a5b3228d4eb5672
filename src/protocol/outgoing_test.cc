#include "protocol/outgoing.h"

#include <gtest/gtest.h>

namespace whirl::protocol {
namespace {

constexpr Variant kJson{Encoding::json, Framing::lines, false};
constexpr Variant kJsonUni{Encoding::json, Framing::lines, true};
constexpr Variant kProtobuf{Encoding::protobuf, Framing::length_prefixed, false};
constexpr Variant kProtobufUni{Encoding::protobuf, Framing::length_prefixed, true};

TEST(Outgoing, PushesAreInsideRepliesOrBare) {
  Publication publication;
  publication.data = {"{\"n\":\n1}"};
  Push push;
  push.channel = "news";
  push.pub = &publication;
  auto encoded = [&](const Variant& variant) {
    std::string out;
    encode_push(variant, push, out);
    return out;
  };
  EXPECT_EQ(encoded(kJson), R"({"push":{"channel":"news","pub":{"data":{"n":1}}}})");
  EXPECT_EQ(encoded(kJsonUni), R"({"channel":"news","pub":{"data":{"n":1}}})");
  std::string bare = "\x12\x04news\x22\x0a\x22\x08{\"n\":\n1}";
  EXPECT_EQ(encoded(kProtobufUni), bare);
  EXPECT_EQ(encoded(kProtobuf), "\x22\x12" + bare);
}

TEST(Outgoing, AnEmptyReplyIsAPing) {
  EXPECT_EQ(reply_frame(kJson, {}).view(), "{}\n");
  EXPECT_EQ(reply_frame(kProtobuf, {}).view(), std::string(1, '\0'));
}

TEST(Outgoing, FramesDoNotDependOnWhatWasFramedBefore) {
  std::string large(300'000, 'x');
  Error error{1, large};
  Reply reply;
  reply.id = 9;
  reply.error = &error;
  EXPECT_GT(reply_frame(kJson, reply).size(), 300'000u);
  reply.error = nullptr;
  EXPECT_EQ(reply_frame(kJson, reply).view(), "{\"id\":9}\n");
}

}  // namespace
}  // namespace whirl::protocol
