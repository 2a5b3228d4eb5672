#include "api/messages.h"

#include <gtest/gtest.h>

#include "codec/json.h"
#include "codec/protobuf.h"
#include "testing/proto_file.h"
#include "testing/random_message.h"

namespace whirl::api {
namespace {

#define ROW(M) \
  { #M, &codec::table < M>() }
#define METHOD(M) ROW(M##Request), ROW(M##Result), ROW(M##Response)
const std::map<std::string, const codec::Table*> kMessages = {ROW(Error),
                                                              ROW(StreamPosition),
                                                              ROW(ClientInfo),
                                                              ROW(Publication),
                                                              ROW(BoolValue),
                                                              ROW(SubscribeOptionOverride),
                                                              ROW(Disconnect),
                                                              ROW(ChannelInfo),
                                                              ROW(Metrics),
                                                              ROW(Process),
                                                              ROW(NodeResult),
                                                              ROW(Command),
                                                              ROW(Reply),
                                                              ROW(BatchRequest),
                                                              ROW(BatchResponse),
                                                              METHOD(Publish),
                                                              METHOD(Broadcast),
                                                              METHOD(Subscribe),
                                                              METHOD(Unsubscribe),
                                                              METHOD(Disconnect),
                                                              METHOD(Refresh),
                                                              METHOD(Presence),
                                                              METHOD(PresenceStats),
                                                              METHOD(History),
                                                              METHOD(HistoryRemove),
                                                              METHOD(Channels),
                                                              METHOD(Info),
                                                              METHOD(RPC)};
#undef METHOD
#undef ROW

template <class M>
std::string json(const M& message, codec::RawStyle raw = codec::RawStyle::as_is) {
  std::string out;
  codec::encode_json(message, out, raw);
  return out;
}

TEST(ApiMessages, TablesAreThoseOfTheWireFormat) {
  auto wire = testing::read_proto_file(WHIRL_SOURCE_DIR "/proto/api.proto");
  auto tables = testing::describe_tables(kMessages);
  ASSERT_EQ(wire.size(), kMessages.size());
  for (const auto& [name, fields] : wire) EXPECT_EQ(tables[name], fields) << name;
}

TEST(ApiMessages, SomeFieldsAreAlwaysInJson) {
  EXPECT_EQ(json(ClientInfo{}), R"({"user":"","client":""})");
  EXPECT_EQ(json(PresenceResult{}), R"({"presence":{}})");
  EXPECT_EQ(json(PresenceStatsResult{}), R"({"num_clients":0,"num_users":0})");
  EXPECT_EQ(json(HistoryResult{}), R"({"publications":[],"epoch":"","offset":0})");
  EXPECT_EQ(json(ChannelsResult{}), R"({"channels":{}})");
  EXPECT_EQ(
      json(NodeResult{}),
      R"({"uid":"","name":"","version":"","num_clients":0,"num_users":0,"num_channels":0,"num_subs":0})");
  EXPECT_EQ(json(PublishResult{}), "{}");
  EXPECT_EQ(json(BatchResponse{}), "{}");
}

TEST(ApiMessages, ANullInABatchIsNotAnEmptyCommand) {
  codec::Arena arena;
  BatchRequest batch;
  ASSERT_TRUE(codec::decode_json_document(
      R"({"commands":[{},null,{"teleport":{}},{"publish":{"channel":"c"}}]})", batch, arena));
  ASSERT_EQ(batch.commands.size(), 4u);
  EXPECT_NE(batch.commands[0], nullptr);
  EXPECT_EQ(batch.commands[1], nullptr);
  EXPECT_EQ(batch.commands[2]->publish, nullptr);
  EXPECT_EQ(batch.commands[3]->publish->channel, "c");
}

TEST(ApiMessages, RequestsOfOtherTypesAreRefused) {
  codec::Arena arena;
  HistoryRequest history;
  EXPECT_FALSE(codec::decode_json_document(R"({"channel":"c","limit":"5"})", history, arena));
  PublishRequest publish;
  EXPECT_FALSE(codec::decode_json_document(R"({"channel":"c","data":{},"version":"5"})", publish, arena));
  PresenceStatsRequest stats;
  for (const char* bad : {"{", "", "[]", "\"x\"", "17", "{\"channel\":5}", "{\"channel\":\"c\"} trailing"}) {
    EXPECT_FALSE(codec::decode_json_document(bad, stats, arena)) << bad;
  }
  EXPECT_TRUE(codec::decode_json_document("null", stats, arena));
}

TEST(ApiMessages, ComeBackFromBothEncodings) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    codec::Arena arena;
    auto batch = testing::RandomMessage(seed, arena).make<BatchRequest>();
    BatchRequest back;
    std::string text = json(batch), bytes, again;
    ASSERT_TRUE(codec::decode_json_document(text, back, arena));
    EXPECT_EQ(json(back), text);
    codec::encode_protobuf(batch, bytes);
    ASSERT_TRUE(codec::decode_protobuf(bytes, back, arena));
    codec::encode_protobuf(back, again);
    EXPECT_EQ(again, bytes);
  }
}

}  // namespace
}  // namespace whirl::api
