#include <gmock/gmock.h>

#include "testing/hub_fixture.h"

namespace whirl::hub {
namespace {

using protocol::Encoding;
using protocol::Framing;
using ::testing::ElementsAre;
using testing::FakeSubscriber;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class FanoutTest : public testing::HubFixture {
 protected:
  static broker::PublishOptions with_tags(broker::Tags tags) {
    auto options = kept();
    options.tags = std::move(tags);
    return options;
  }
  static broker::PublishOptions with_delta() {
    auto options = kept();
    options.use_delta = true;
    return options;
  }
  static std::unique_ptr<protocol::CompiledFilter> only(std::string_view key, std::string_view value) {
    protocol::FilterNode node;
    node.key = key;
    node.cmp = "eq";
    node.val = value;
    return std::move(*protocol::CompiledFilter::compile(node));
  }
  void TearDown() override {
    for (auto* s : subscriptions_) unsubscribe(s);
  }
  SubscribeOutcome join(FakeSubscriber& subscriber, SubscribeRequest request) {
    auto outcome = subscribe(subscriber, std::move(request));
    subscriptions_.push_back(outcome.subscription);
    return outcome;
  }
  std::vector<Subscription*> subscriptions_;
};

TEST_F(FanoutTest, APublicationReachesEverySubscriberInItsVariant) {
  FakeSubscriber lines;
  FakeSubscriber bare("bob", {Encoding::json, Framing::lines, true});
  FakeSubscriber binary("eve", {Encoding::protobuf, Framing::length_prefixed, false});
  for (auto* s : {&lines, &bare, &binary}) join(*s, {.channel = "news"});
  publish("news", R"({"n":1})");
  EXPECT_THAT(lines.frames, ElementsAre("{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{\"n\":1}}}}\n"));
  EXPECT_THAT(bare.frames, ElementsAre("{\"channel\":\"news\",\"pub\":{\"data\":{\"n\":1}}}\n"));
  ASSERT_THAT(binary.frames, SizeIs(1));
  EXPECT_THAT(binary.frames[0], HasSubstr(R"({"n":1})"));
}

TEST_F(FanoutTest, SubscribersOfOneVariantShareOneFrame) {
  FakeSubscriber a;
  FakeSubscriber b("bob");
  for (auto* s : {&a, &b}) join(*s, {.channel = "news"});
  publish("news", "{}");
  EXPECT_EQ(a.shared.at(0).data(), b.shared.at(0).data());
}

TEST_F(FanoutTest, PublisherAndTagsAreShown) {
  FakeSubscriber a;
  join(a, {.channel = "news"});
  auto options = with_tags({{"k", "v"}});
  options.info = std::make_shared<broker::ClientInfo>(
      broker::ClientInfo{.client = "c", .user = "u", .conn_info = "[1]"});
  publish("news", "{}", options);
  EXPECT_THAT(a.frames.at(0), HasSubstr(R"("info":{"user":"u","client":"c","conn_info":[1]})"));
  EXPECT_THAT(a.frames.at(0), HasSubstr(R"("tags":{"k":"v"})"));
  EXPECT_THAT(a.frames.at(0), HasSubstr(R"("offset":1)"));
}

TEST_F(FanoutTest, OnlyTheFirstPublicationTellsTheEpoch) {
  FakeSubscriber a;
  auto outcome = join(a, {.channel = "news", .positioned = true});
  publish("news", "{}", kept());
  publish("news", "{}", kept());
  EXPECT_THAT(a.frames.at(0), HasSubstr("\"epoch\":\"" + outcome.position.epoch + "\""));
  EXPECT_THAT(a.frames.at(1), Not(HasSubstr("epoch")));
}

TEST_F(FanoutTest, ThePositionFollowsThePublications) {
  FakeSubscriber a;
  publish("news", "{}", kept());
  auto outcome = join(a, {.channel = "news", .positioned = true});
  EXPECT_EQ(outcome.position.offset, 1u);
  publish("news", "{}", kept());
  publish("news", "{}");
  EXPECT_THAT(a.frames, SizeIs(2)) << "what is outside of the stream comes too";
  in_loop([&] { EXPECT_EQ(outcome.subscription->position().offset, 2u); });
}

TEST_F(FanoutTest, ABinaryPayloadIsNotForJsonClients) {
  FakeSubscriber json;
  FakeSubscriber binary("eve", {Encoding::protobuf, Framing::length_prefixed, false});
  for (auto* s : {&json, &binary}) join(*s, {.channel = "news"});
  publish("news", "\x01\x02");
  publish("news", "{}");
  EXPECT_THAT(json.inappropriate, ElementsAre("news"));
  EXPECT_THAT(json.frames, IsEmpty());
  EXPECT_THAT(binary.frames, SizeIs(2));
}

TEST_F(FanoutTest, FiltersHoldBackWhatDoesNotMatch) {
  FakeSubscriber a;
  FakeSubscriber b("bob");
  FakeSubscriber c("eve");
  join(a, {.channel = "news", .positioned = true, .filter = only("lang", "en")});
  join(b, {.channel = "news", .filter = only("lang", "en")});
  join(c, {.channel = "news", .filter = only("lang", "fr")});
  for (const char* lang : {"en", "fr", "en"}) {
    publish("news", "\"" + std::string(lang) + "\"", with_tags({{"lang", lang}}));
  }
  EXPECT_THAT(a.frames, SizeIs(2));
  EXPECT_THAT(b.frames, SizeIs(2));
  EXPECT_THAT(c.frames, ElementsAre(HasSubstr("\"fr\"")));
  EXPECT_THAT(a.insufficient, IsEmpty()) << "what was held back counts as delivered";
}

TEST_F(FanoutTest, DeltasBeginAfterAFullPayload) {
  FakeSubscriber a;
  auto outcome = join(a, {.channel = "news", .positioned = true, .delta = true});
  std::string text = R"({"text":"the same words again and again and again","n":)";
  publish("news", text + "1}", with_delta());
  publish("news", text + "2}", with_delta());
  publish("news", text + "3}", kept());
  ASSERT_THAT(a.frames, SizeIs(3));
  EXPECT_THAT(a.frames[0], HasSubstr(R"("data":"{\"text\")"));
  EXPECT_THAT(a.frames[0], Not(HasSubstr("epoch")));
  EXPECT_THAT(a.frames[1], HasSubstr(R"("delta":true)"));
  EXPECT_LT(a.frames[1].size(), a.frames[0].size());
  EXPECT_THAT(a.frames[2], Not(HasSubstr("delta"))) << "the publisher did not ask for one";
}

TEST_F(FanoutTest, WhoRecoveredHasTheBaseOfTheNextDelta) {
  FakeSubscriber a;
  std::string text = R"({"text":"the same words again and again and again","n":)";
  publish("news", text + "1}", with_delta());
  auto outcome = join(a, {.channel = "news", .positioned = true, .delta = true});
  in_loop([&] { outcome.subscription->allow_delta(); });
  publish("news", text + "2}", with_delta());
  EXPECT_THAT(a.frames.at(0), HasSubstr(R"("delta":true)"));
}

TEST_F(FanoutTest, WithoutAPositionThereIsNoBase) {
  FakeSubscriber a;
  FakeSubscriber binary("eve", {Encoding::protobuf, Framing::length_prefixed, false});
  for (auto* s : {&a, &binary}) join(*s, {.channel = "news", .delta = true});
  std::string text = R"({"text":"the same words again and again and again","n":)";
  for (const char* n : {"1}", "2}"}) publish("news", text + n, with_delta());
  EXPECT_THAT(a.frames.at(1), Not(HasSubstr("delta")));
  EXPECT_THAT(a.frames.at(1), HasSubstr(R"("data":"{)"));
  EXPECT_THAT(binary.frames.at(1), HasSubstr(text + "2}"));
}

TEST_F(FanoutTest, ADeltaLongerThanThePayloadIsNotSent) {
  FakeSubscriber a;
  join(a, {.channel = "news", .positioned = true, .delta = true});
  publish("news", "{}", with_delta());
  publish("news", "[1]", with_delta());
  EXPECT_THAT(a.frames.at(1), HasSubstr(R"("data":"[1]")"));
  EXPECT_THAT(a.frames.at(1), Not(HasSubstr("delta")));
}

TEST_F(FanoutTest, DeltaSubscriptionsAreNotFiltered) {
  FakeSubscriber a;
  join(a, {.channel = "news", .positioned = true, .delta = true, .filter = only("k", "1")});
  publish("news", "{}", with_tags({{"k", "2"}}));
  EXPECT_THAT(a.frames, SizeIs(1));
}

TEST_F(FanoutTest, JoinsAndLeavesGoToThoseWhoAskedForThem) {
  FakeSubscriber a;
  FakeSubscriber b("bob");
  join(a, {.channel = "room", .push_join_leave = true});
  join(b, {.channel = "room"});
  auto info = std::make_shared<broker::ClientInfo>(broker::ClientInfo{.client = "c", .user = "u"});
  in_loop([&] { node_->publish_join("room", info, [](Result<>) {}); });
  in_loop([&] { node_->publish_leave("room", info); });
  EXPECT_THAT(
      a.frames,
      ElementsAre(
          "{\"push\":{\"channel\":\"room\",\"join\":{\"info\":{\"user\":\"u\",\"client\":\"c\"}}}}\n",
          "{\"push\":{\"channel\":\"room\",\"leave\":{\"info\":{\"user\":\"u\",\"client\":\"c\"}}}}\n"));
  EXPECT_THAT(a.kinds, ElementsAre(PushKind::join, PushKind::leave));
  EXPECT_THAT(b.frames, IsEmpty());
}

}  // namespace
}  // namespace whirl::hub
