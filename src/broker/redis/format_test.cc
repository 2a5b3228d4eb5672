#include "broker/redis/format.h"

#include <gmock/gmock.h>

#include "broker/redis/history.h"
#include "broker/redis/keys.h"
#include "broker/redis/probe.h"

namespace whirl::broker::redis {
namespace {

using namespace std::string_literals;

TEST(RedisFormatTest, MessagesSayWhatTheyAre) {
  auto plain = parse_push("data").value();
  EXPECT_EQ(plain.payload, "data");
  EXPECT_EQ(plain.offset, 0u);

  auto stored = parse_push("__p1:16901:xyz.123__dat__a").value();
  EXPECT_EQ(stored.payload, "dat__a");
  EXPECT_EQ(stored.offset, 16901u);
  EXPECT_EQ(stored.epoch, "xyz.123");
  EXPECT_FALSE(stored.delta);

  auto delta = parse_push("__d1:4:ep:3:a:b:4:__cd").value();
  EXPECT_EQ(delta.payload, "__cd");
  EXPECT_EQ(delta.previous, "a:b");
  EXPECT_EQ(delta.offset, 4u);
  EXPECT_EQ(delta.epoch, "ep");
  EXPECT_TRUE(delta.delta);
  EXPECT_EQ(parse_push("__d1:1:ep:0::1:x")->previous, "");

  EXPECT_EQ(parse_push("__j__info")->type, PushType::join);
  EXPECT_EQ(parse_push("__l__info")->type, PushType::leave);
  EXPECT_EQ(parse_push("__l__info")->payload, "info");
}

TEST(RedisFormatTest, RefusesWhatItDoesNotKnow) {
  for (std::string_view bad :
       {"__", "__x__", "__p1:x:e__d", "__p1:1:e", "__p1::e__d", "__d1:1:e:5:abc:1:x", "__d1:1:e:1:a:9:x",
        "__d1:1:e:1:ab:1:x", "__d1:1", "__p1:99999999999999999999:e__d"}) {
    EXPECT_FALSE(parse_push(bad)) << bad;
  }
}

TEST(RedisFormatTest, PublicationsAreTheProtocolsProtobuf) {
  PublishOptions options;
  options.info = std::make_shared<ClientInfo>(
      ClientInfo{.client = "c", .user = "u", .conn_info = "1", .chan_info = "2"});
  options.tags = {{"k", "v"}};
  options.version = 9;
  const std::string bytes = encode_publication("{}", options, 300, true);
  // 4 data, 5 info (1 user, 2 client, 3 conn_info, 4 chan_info), 7 tags, 8 delta, 9 time, 16 version.
  EXPECT_EQ(bytes, "\x22\x02{}\x2a\x0c\x0a\x01u\x12\x01"s + "c\x1a\x01" + "1\x22\x01" +
                       "2\x3a\x06\x0a\x01k\x12\x01v\x40\x01\x48\xac\x02\x80\x01\x09");
  auto decoded = decode_publication(bytes, 5).value();
  EXPECT_EQ(decoded.publication->data.view(), "{}");
  EXPECT_EQ(decoded.publication->info->chan_info, "2");
  EXPECT_EQ(decoded.publication->tags, options.tags);
  EXPECT_EQ(decoded.publication->offset, 5u) << "that of the message around it";
  EXPECT_EQ(decoded.publication->time_ms, 300);
  EXPECT_EQ(decoded.publication->version, 9u);
  EXPECT_TRUE(decoded.delta);
  EXPECT_FALSE(decode_publication("\x22\xff", 1));
}

TEST(RedisFormatTest, JoinsAndLeavesCarryTheClient) {
  const ClientInfo info{.client = "c", .user = "u", .conn_info = {}, .chan_info = {}};
  EXPECT_EQ(encode_join(info), "__j__\x0a\x01u\x12\x01"s + "c");
  EXPECT_EQ(encode_leave(info), "__l__\x0a\x01u\x12\x01"s + "c");
  EXPECT_EQ((*decode_client_info(parse_push(encode_join(info))->payload))->client, "c");
}

TEST(RedisKeysTest, NamesAreThoseOfCentrifugo) {
  const Keys single("centrifugo", false, false);
  EXPECT_EQ(single.messages("a:b"), "centrifugo.client.a:b");
  EXPECT_EQ(single.history("a"), "centrifugo.stream.a");
  EXPECT_EQ(single.meta("a"), "centrifugo.stream.meta.a");
  EXPECT_EQ(single.result("a", "k"), "centrifugo.result.a.k");
  EXPECT_EQ(single.presence_data("a"), "centrifugo.presence.data.a");
  EXPECT_EQ(single.presence_expire("a"), "centrifugo.presence.expire.a");
  EXPECT_EQ(single.user_clients("a"), "centrifugo.presence.user.clients.a");
  EXPECT_EQ(single.user_expire("a"), "centrifugo.presence.user.expire.a");
  EXPECT_EQ(single.control(), "centrifugo.control");
  EXPECT_EQ(single.node("id"), "centrifugo.node.id");
  EXPECT_EQ(single.channel_of("centrifugo.client.a:b"), "a:b");
  EXPECT_EQ(single.channel_of("centrifugo.control"), "");

  const Keys lists("p", false, true);
  EXPECT_EQ(lists.history("a"), "p.list.a");
  EXPECT_EQ(lists.meta("a"), "p.list.meta.a");

  const Keys cluster("p", true, false);
  EXPECT_EQ(cluster.messages("a"), "p.client.{a}");
  EXPECT_EQ(cluster.history("a"), "p.stream.{a}");
  EXPECT_EQ(cluster.result("a", "k"), "p.result.{a}.k");
  EXPECT_EQ(cluster.presence_data("a"), "p.presence.data.{a}");
  EXPECT_EQ(cluster.channel_of("p.client.{a}"), "a");
  EXPECT_EQ(cluster.channel_of("p.client.a"), "");

  const Keys sharded("p", true, false, 16);
  const std::string tag = "{" + std::to_string(sharded.partition_of("a")) + "}";
  EXPECT_EQ(sharded.messages("a"), "p.client." + tag + ".a");
  EXPECT_EQ(sharded.history("a"), "p.stream." + tag + ".a");
  EXPECT_EQ(sharded.result("a", "k"), "p.result." + tag + ".a.k");
  EXPECT_EQ(sharded.channel_of("p.client." + tag + ".a"), "a");
  EXPECT_EQ(sharded.probe("x", 3), "p.probe.{3}.x");
  EXPECT_EQ(Keys("p", false, false, 16).messages("a"), "p.client.a") << "only a Cluster is divided";
}

TEST(RedisHistoryTest, QueriesBecomeRanges) {
  auto range = [](HistoryQuery query) {
    const HistoryRange r = range_of(query, false);
    return std::string(r.wanted ? "" : "none ") + r.first + " " + r.limit;
  };
  EXPECT_EQ(range({.limit = -1}), "0 0");
  EXPECT_EQ(range({.limit = 0}), "none 0 0");
  EXPECT_EQ(range({.has_since = true, .since = {4, "e"}, .limit = 2}), "5 2");
  EXPECT_EQ(range({.has_since = true, .since = {4, "e"}, .limit = 2, .reverse = true}), "3 2");
  EXPECT_EQ(range({.has_since = true, .since = {1, "e"}, .limit = 2, .reverse = true}), "none 0 2");
  EXPECT_EQ(range({.limit = -1, .reverse = true}), "0 0");
}

TEST(ProbeTest, OnlyAProbeThatTheServerTookCanBeLost) {
  Probe probe(4000);
  EXPECT_EQ(probe.step(10'000), Probe::Step::send);
  EXPECT_EQ(probe.step(30'000), Probe::Step::nothing) << "the server did not answer yet";
  probe.on_not_sent();
  EXPECT_EQ(probe.step(30'500), Probe::Step::send);
  probe.on_sent(31'000);
  EXPECT_EQ(probe.step(34'999), Probe::Step::nothing);
  EXPECT_EQ(probe.step(35'000), Probe::Step::lost);
  EXPECT_EQ(probe.step(35'500), Probe::Step::nothing) << "the next one waits its time";
  EXPECT_EQ(probe.step(40'000), Probe::Step::send);
}

TEST(ProbeTest, AReturnedProbeMakesWayForTheNext) {
  Probe probe(4000);
  EXPECT_EQ(probe.step(5000), Probe::Step::send);
  probe.on_returned();
  probe.on_sent(5001);
  EXPECT_EQ(probe.step(9999), Probe::Step::nothing) << "it came back before the answer did";
  EXPECT_EQ(probe.step(10'000), Probe::Step::send);
  probe.restart(10'100);
  EXPECT_EQ(probe.step(10'100), Probe::Step::send) << "a new connection is tried at once";
}

}  // namespace
}  // namespace whirl::broker::redis
