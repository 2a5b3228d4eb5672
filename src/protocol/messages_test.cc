#include "protocol/messages.h"

#include <gtest/gtest.h>

#include "codec/json.h"
#include "codec/protobuf.h"
#include "testing/proto_file.h"
#include "testing/random_message.h"

namespace whirl::protocol {
namespace {

#define ROW(M) \
  { #M, &codec::table < M>() }
const std::map<std::string, const codec::Table*> kMessages = {ROW(Error),
                                                              ROW(EmulationRequest),
                                                              ROW(Command),
                                                              ROW(Reply),
                                                              ROW(Push),
                                                              ROW(Dictionary),
                                                              ROW(ClientInfo),
                                                              ROW(Publication),
                                                              ROW(Join),
                                                              ROW(Leave),
                                                              ROW(Unsubscribe),
                                                              ROW(Subscribe),
                                                              ROW(Message),
                                                              ROW(Connect),
                                                              ROW(Disconnect),
                                                              ROW(Refresh),
                                                              ROW(ConnectRequest),
                                                              ROW(ConnectResult),
                                                              ROW(RefreshRequest),
                                                              ROW(RefreshResult),
                                                              ROW(SubscribeRequest),
                                                              ROW(SubscribeResult),
                                                              ROW(KeyedItem),
                                                              ROW(TrackBatch),
                                                              ROW(SubRefreshRequest),
                                                              ROW(SubRefreshResult),
                                                              ROW(UnsubscribeRequest),
                                                              ROW(UnsubscribeResult),
                                                              ROW(PublishRequest),
                                                              ROW(PublishResult),
                                                              ROW(PresenceRequest),
                                                              ROW(PresenceResult),
                                                              ROW(PresenceStatsRequest),
                                                              ROW(PresenceStatsResult),
                                                              ROW(StreamPosition),
                                                              ROW(HistoryRequest),
                                                              ROW(HistoryResult),
                                                              ROW(PingRequest),
                                                              ROW(PingResult),
                                                              ROW(RPCRequest),
                                                              ROW(RPCResult),
                                                              ROW(SendRequest),
                                                              ROW(FilterNode)};
#undef ROW

TEST(Messages, TablesAreThoseOfTheWireFormat) {
  auto wire = testing::read_proto_file(WHIRL_SOURCE_DIR "/tests/data/client.proto");
  auto tables = testing::describe_tables(kMessages);
  ASSERT_EQ(wire.size(), kMessages.size());
  for (const auto& [name, fields] : wire) EXPECT_EQ(tables[name], fields) << name;
}

TEST(Messages, FieldsThatSdksNeedAreAlwaysInJson) {
  auto json = [](const auto& message) {
    std::string out;
    codec::encode_json(message, out);
    return out;
  };
  EXPECT_EQ(json(ClientInfo{}), R"({"user":"","client":""})");
  EXPECT_EQ(json(PresenceResult{}), R"({"presence":{}})");
  EXPECT_EQ(json(PresenceStatsResult{}), R"({"num_clients":0,"num_users":0})");
  EXPECT_EQ(json(HistoryResult{}), R"({"publications":[],"epoch":"","offset":0})");
  EXPECT_EQ(json(ConnectResult{}), "{}");
  EXPECT_EQ(json(Reply{}), "{}");
}

TEST(Messages, APublicationHasTheDocumentedBytes) {
  ClientInfo info{.user = "u", .client = "c", .conn_info = {}, .chan_info = {}};
  codec::Entry<std::string_view> tag{"k", "v"};
  Publication publication;
  publication.data = {"{}"};
  publication.info = &info;
  publication.offset = 7;
  publication.tags = {&tag, 1};
  publication.score = -1;
  std::string out;
  codec::encode_protobuf(publication, out);
  EXPECT_EQ(out,
            "\x22\x02{}\x2a\x06\x0a\x01u\x12\x01"
            "c\x30\x07\x3a\x06\x0a\x01k\x12\x01v\x68\x01");
}

template <class M>
void round_trip(unsigned seed) {
  codec::Arena arena;
  M message = testing::RandomMessage(seed, arena).make<M>(), back;
  std::string first, again;
  codec::encode_json(message, first);
  ASSERT_TRUE(codec::decode_json_document(first, back, arena)) << first;
  codec::encode_json(back, again);
  EXPECT_EQ(again, first);
  std::string bytes, bytes_again;
  codec::encode_protobuf(message, bytes);
  ASSERT_TRUE(codec::decode_protobuf(bytes, back, arena)) << seed;
  codec::encode_protobuf(back, bytes_again);
  EXPECT_EQ(bytes_again, bytes);
}

TEST(Messages, ComeBackFromBothEncodings) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    round_trip<Command>(seed);
    round_trip<Reply>(seed);
    round_trip<Push>(seed);
  }
}

}  // namespace
}  // namespace whirl::protocol
