#include "broker/nats/pushes.h"

#include <gmock/gmock.h>

namespace whirl::broker::nats_push {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using namespace std::string_literals;

ClientInfo ann() {
  return {.client = "c1", .user = "ann", .conn_info = R"({"a":1})", .chan_info = R"({"b":2})"};
}

// Field by field as client.proto numbers them: this is what nodes of Centrifugo send and read.
const std::string kAnn =
    "\x0a\x03"
    "ann"
    "\x12\x02"
    "c1"
    "\x1a\x07"
    R"({"a":1})"
    "\x22\x07"
    R"({"b":2})"s;

std::string field(char tag, const std::string& content) {
  return std::string{tag, static_cast<char>(content.size())} + content;
}

TEST(NatsPush, APublicationHasTheBytesOfCentrifugo) {
  PublishOptions options;
  options.info = std::make_shared<ClientInfo>(ann());
  options.tags = {{"k", "v"}};
  options.use_delta = true;
  const std::string pub = field(0x22, "{}") + field(0x2a, kAnn) + field(0x3a, "\x0a\x01k\x12\x01v"s) +
                          "\x40\x01"s + "\x48\xac\x02"s;
  EXPECT_EQ(publication("news", "{}", options, 300), field(0x12, "news") + field(0x22, pub));
  EXPECT_EQ(publication("news", "{}", {}, 300),
            field(0x12, "news") + field(0x22, field(0x22, "{}") + "\x48\xac\x02"s));
}

TEST(NatsPush, JoinsAndLeavesToo) {
  EXPECT_EQ(join("news", ann()), field(0x12, "news") + field(0x2a, field(0x0a, kAnn)));
  EXPECT_EQ(leave("news", ann()), field(0x12, "news") + field(0x32, field(0x0a, kAnn)));
}

TEST(NatsPush, WhatIsWrittenCanBeRead) {
  codec::Arena arena;
  PublishOptions options;
  options.info = std::make_shared<ClientInfo>(ann());
  options.tags = {{"k", "v"}};
  options.use_delta = true;
  auto read = decode(publication("news", "{}", options, 300), "news", arena);
  ASSERT_TRUE(read && read->publication);
  EXPECT_EQ(read->publication->data.view(), "{}");
  EXPECT_EQ(read->publication->info->user, "ann");
  EXPECT_EQ(read->publication->info->chan_info, R"({"b":2})");
  EXPECT_THAT(read->publication->tags, ElementsAre(Pair("k", "v")));
  EXPECT_EQ(read->publication->time_ms, 300);
  EXPECT_EQ(read->publication->offset, 0u);
  EXPECT_EQ(read->publication->channel, "") << "as subscribed";
  EXPECT_TRUE(read->use_delta);
  EXPECT_EQ(decode(join("news", ann()), "news", arena)->join->conn_info, R"({"a":1})");
  EXPECT_EQ(decode(leave("news", ann()), "news", arena)->leave->client, "c1");
}

TEST(NatsPush, ASubscriberOfAPatternIsToldTheChannel) {
  codec::Arena arena;
  auto read = decode(publication("news.1", "{}", {}, 300), "news.*", arena);
  EXPECT_EQ(read->channel, "news.1");
  EXPECT_EQ(read->publication->channel, "news.1");
}

TEST(NatsPush, APositionComesWithItsEpochInATag) {
  codec::Arena arena;
  const std::string tag = field(0x0a, "__centrifugo_epoch") + field(0x12, "e1");
  const std::string pub = field(0x22, "{}") + "\x30\x07"s + field(0x3a, tag);
  auto read = decode(field(0x12, "news") + field(0x22, pub), "news", arena);
  ASSERT_TRUE(read && read->publication);
  EXPECT_EQ(read->epoch, "e1");
  EXPECT_EQ(read->publication->offset, 7u);
  EXPECT_TRUE(read->publication->tags.empty()) << "not for clients";
}

TEST(NatsPush, AnythingElseIsRefusedOrUnknown) {
  codec::Arena arena;
  EXPECT_FALSE(decode("\xff", "news", arena));
  auto unknown = decode(field(0x12, "news"), "news", arena);
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->publication || unknown->join || unknown->leave);
  EXPECT_TRUE(decode("\x2a\x00"s, "news", arena)->join) << "somebody, of whom nothing is said";
}

}  // namespace
}  // namespace whirl::broker::nats_push
