#include "broker/nats/subjects.h"

#include <gtest/gtest.h>

namespace whirl::broker {
namespace {

TEST(NatsSubjects, AreCentrifugosUnderAPrefix) {
  NatsSubjects subjects("centrifugo");
  EXPECT_EQ(subjects.of_all_nodes(), "centrifugo.control");
  EXPECT_EQ(subjects.of_node("n-1"), "centrifugo.node.n-1");
  EXPECT_EQ(subjects.of_channel("news:1"), "centrifugo.client.news:1");
  EXPECT_EQ(subjects.channel_of("centrifugo.client.news:1"), "news:1");
}

TEST(NatsSubjects, AreTheChannelsInRawMode) {
  NatsSubjects subjects("centrifugo", {});
  EXPECT_EQ(subjects.of_channel("news.1"), "news.1");
  EXPECT_EQ(subjects.of_all_nodes(), "centrifugo.control") << "nodes keep their own";
  NatsSubjects prefixed("centrifugo", {.prefix = "app."});
  EXPECT_EQ(prefixed.of_channel("news.1"), "app.news.1");
  EXPECT_EQ(prefixed.channel_of("app.news.1"), "news.1");
  EXPECT_EQ(prefixed.channel_of("other"), "other");
}

TEST(NatsSubjects, RawNamesAreRewritten) {
  NatsSubjects subjects("centrifugo", {.replacements = {{":", "."}, {"#", "_user_"}}});
  EXPECT_EQ(subjects.of_channel("chat:room#42"), "chat.room_user_42");
  EXPECT_EQ(subjects.of_channel("::"), "..");
}

TEST(NatsSubjects, TheLongestReplacementWinsAndResultsAreNotRewrittenAgain) {
  NatsSubjects subjects("centrifugo", {.replacements = {{"a", "b"}, {"aa", "c"}, {"b", "a"}, {"", "x"}}});
  EXPECT_EQ(subjects.of_channel("aaab"), "cba");
}

}  // namespace
}  // namespace whirl::broker
