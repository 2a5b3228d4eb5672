#include "channel/rules.h"

#include <gtest/gtest.h>

#include "channel/subscribe_options.h"

namespace whirl::channel {
namespace {

class ChannelRules : public ::testing::Test {
 protected:
  config::ChannelNamespace& ns(std::string_view name) {
    auto& added = channel_.namespaces.emplace_back();
    added.name = name;
    return added;
  }
  const Rules& rules() {
    if (!rules_) {
      auto built = Rules::build(channel_, client_);
      EXPECT_TRUE(built.has_value()) << built.error().message;
      rules_ = *built;
    }
    return *rules_;
  }
  std::string error() {
    auto built = Rules::build(channel_, client_);
    return built ? "" : built.error().message;
  }
  /// Name of the namespace that a channel is found in; "?" if it is unknown.
  std::string found(std::string_view channel) {
    const Namespace* hit = rules().find(channel);
    return hit ? hit->name : "?";
  }
  bool valid(std::string_view channel) { return rules().valid_name(*rules().find(channel), channel); }

  config::Channel channel_;
  config::Client client_;
  RulesPtr rules_;
};

TEST_F(ChannelRules, FindTheNamespaceBeforeTheFirstBoundary) {
  ns("news");
  EXPECT_EQ(found("news:sport"), "news");
  EXPECT_EQ(found("news:"), "news");
  EXPECT_EQ(found("news:a:b"), "news");
  EXPECT_EQ(found("news"), "");
  EXPECT_EQ(found(":sport"), "");
  EXPECT_EQ(found(""), "");
  EXPECT_EQ(found("other:x"), "?");
  EXPECT_EQ(found("NEWS:x"), "?");
}

TEST_F(ChannelRules, LookBehindThePrivatePrefix) {
  ns("news");
  EXPECT_EQ(found("$news:x"), "news");
  EXPECT_EQ(found("$$news:x"), "?");
  EXPECT_TRUE(rules().is_private("$news:x"));
  EXPECT_FALSE(rules().is_private("news:$x"));
}

TEST_F(ChannelRules, ReadNamesWithConfiguredBoundaries) {
  channel_.private_prefix = "priv-";
  channel_.namespace_boundary = "//";
  channel_.user_boundary = "@@";
  channel_.user_separator = "+";
  ns("us").allow_user_limited_channels = true;
  EXPECT_EQ(found("us//a"), "us");
  EXPECT_EQ(found("priv-us//a"), "us");
  EXPECT_EQ(found("us:a"), "");
  EXPECT_TRUE(rules().is_user_limited(*rules().find("us//a@@ann"), "us//a@@ann"));
  EXPECT_TRUE(rules().user_allowed("us//a@@bob+ann", "ann"));
  EXPECT_FALSE(rules().user_allowed("us//a@@bob,ann", "ann"));
}

TEST_F(ChannelRules, TakeEmptyBoundariesAsNone) {
  channel_.private_prefix = channel_.namespace_boundary = channel_.user_boundary = channel_.user_separator =
      "";
  channel_.without_namespace.allow_user_limited_channels = true;
  EXPECT_EQ(found("news:x"), "");
  EXPECT_FALSE(rules().is_private("$x"));
  EXPECT_FALSE(rules().is_user_limited(*rules().find("x#ann"), "x#ann"));
  EXPECT_TRUE(rules().user_allowed("x#ann", "bob"));
}

TEST_F(ChannelRules, NameTheUsersBehindTheLastBoundary) {
  EXPECT_TRUE(rules().user_allowed("inbox#ann", "ann"));
  EXPECT_TRUE(rules().user_allowed("a#bob#ann", "ann"));
  EXPECT_FALSE(rules().user_allowed("a#ann#bob", "ann"));
  EXPECT_TRUE(rules().user_allowed("duo#bob,ann", "ann"));
  EXPECT_FALSE(rules().user_allowed("inbox#ann2", "ann"));
  EXPECT_FALSE(rules().user_allowed("inbox#an", "ann"));
  EXPECT_FALSE(rules().user_allowed("inbox#", "ann"));
  EXPECT_TRUE(rules().user_allowed("inbox#", ""));
  EXPECT_TRUE(rules().user_allowed("inbox#ann,", ""));
  EXPECT_TRUE(rules().user_allowed("inbox", "ann"));
}

TEST_F(ChannelRules, CutTheBoundaryFromTheLeftWhereItOverlapsItself) {
  channel_.user_boundary = "##";
  EXPECT_TRUE(rules().user_allowed("a###ann", "#ann"));
  EXPECT_FALSE(rules().user_allowed("a###ann", "ann"));
}

TEST_F(ChannelRules, LimitChannelsToUsersOnlyWhereTheNamespaceSaysSo) {
  ns("open");
  ns("personal").allow_user_limited_channels = true;
  EXPECT_FALSE(rules().is_user_limited(*rules().find("open:a#ann"), "open:a#ann"));
  EXPECT_TRUE(rules().is_user_limited(*rules().find("personal:a#ann"), "personal:a#ann"));
  EXPECT_FALSE(rules().is_user_limited(*rules().find("personal:a"), "personal:a"));
}

TEST_F(ChannelRules, WantAsciiNamesUnlessAnExpressionIsSet) {
  ns("open");
  ns("letters").channel_regex = R"(^[\p{L}]+$)";
  channel_.without_namespace.channel_regex = "^top$";
  EXPECT_TRUE(valid("open: a\tb\x7f"));
  EXPECT_FALSE(valid("open:ünïcode"));
  EXPECT_TRUE(valid("letters:ünïcode"));
  EXPECT_FALSE(valid("letters:with space"));
  EXPECT_FALSE(valid("letters:"));
  EXPECT_TRUE(valid("top"));
  EXPECT_TRUE(valid(":top"));
  // Without a namespace the expression sees the whole name, prefix included.
  EXPECT_FALSE(valid("$top"));
}

TEST_F(ChannelRules, LimitTheLengthInBytes) {
  EXPECT_FALSE(rules().too_long(std::string(255, 'x')));
  EXPECT_TRUE(rules().too_long(std::string(256, 'x')));
}

TEST_F(ChannelRules, TakeLengthZeroAsTheDefaultAndNegativeAsNoLimit) {
  channel_.max_length = 0;
  EXPECT_TRUE(rules().too_long(std::string(256, 'x')));
  channel_.max_length = -1;
  rules_.reset();
  EXPECT_FALSE(rules().too_long(std::string(100'000, 'x')));
}

TEST_F(ChannelRules, NameThePersonalChannel) {
  EXPECT_EQ(rules().personal_channel("ann"), "#ann");
  rules_.reset();
  client_.subscribe_to_user_personal_channel.personal_channel_namespace = "me";
  EXPECT_EQ(rules().personal_channel("ann"), "me:#ann");
}

TEST_F(ChannelRules, FillInWhatIsSetForAllChannels) {
  channel_.history_meta_ttl = config::Duration::hours(5);
  channel_.publication_data_format = "json";
  ns("follows");
  auto& own = ns("own");
  own.history_meta_ttl = config::Duration::hours(1);
  own.publication_data_format = "binary";
  const Namespace& follows = *rules().find_by_name("follows");
  EXPECT_EQ(follows.history_meta_ttl.seconds(), 5 * 3600);
  EXPECT_EQ(follows.data_format, DataFormat::json);
  EXPECT_EQ(rules().find_by_name("own")->history_meta_ttl.seconds(), 3600);
  EXPECT_EQ(rules().find_by_name("own")->data_format, DataFormat::binary);
  EXPECT_EQ(rules().find_by_name(""), rules().find("anything"));
}

TEST_F(ChannelRules, RefuseWhatCannotBeCompiled) {
  ns("bad").channel_regex = "(";
  EXPECT_NE(error().find("in bad: channel_regex"), std::string::npos);
  channel_.namespaces[0].channel_regex = "";
  channel_.namespaces[0].subscription_type = "mapp";
  EXPECT_EQ(error(), "in bad: unknown subscription_type: \"mapp\"");
  channel_.namespaces.clear();
  channel_.publication_data_format = "xml";
  EXPECT_EQ(error(), "in channel.without_namespace: unknown publication_data_format: \"xml\"");
}

TEST(DataFormats, SayWhatDataMayEnter) {
  struct Case {
    std::string_view data;
    bool not_empty, json, object;
  };
  for (const Case& c :
       {Case{"", false, false, false}, Case{"{\"a\":1}", true, true, true}, Case{" \n{} ", true, true, true},
        Case{"[1]", true, true, false}, Case{"1", true, true, false}, Case{"{", true, false, false},
        Case{"{} x", true, false, false}, Case{"\xff\x01", true, false, false}}) {
    EXPECT_EQ(valid_data(DataFormat::not_empty, c.data), c.not_empty) << c.data;
    EXPECT_EQ(valid_data(DataFormat::json, c.data), c.json) << c.data;
    EXPECT_EQ(valid_data(DataFormat::json_object, c.data), c.object) << c.data;
    EXPECT_TRUE(valid_data(DataFormat::binary, c.data));
  }
}

TEST_F(ChannelRules, GiveSubscriptionsTheOptionsOfTheNamespace) {
  auto& full = ns("full");
  full.presence = full.join_leave = full.force_push_join_leave = full.force_positioning =
      full.force_recovery = true;
  full.allow_tags_filter = true;
  full.force_recovery_mode = "cache";
  full.allowed_delta_types = {"fossil"};
  full.history_meta_ttl = config::Duration::seconds(7);
  const auto options = subscribe_options(*rules().find_by_name("full"), Source::client_allowed);
  EXPECT_TRUE(options.emit_presence && options.emit_join_leave && options.push_join_leave);
  EXPECT_TRUE(options.positioned && options.recoverable && options.recovers_from_cache);
  EXPECT_TRUE(options.allows_fossil_delta && options.allows_tags_filter);
  EXPECT_EQ(options.history_meta_ttl_ms, 7000);
  EXPECT_EQ(options.source, Source::client_allowed);
  EXPECT_EQ(options.expire_at, 0);
}

TEST_F(ChannelRules, LayOverridesOverTheNamespace) {
  auto& some = ns("some");
  some.presence = true;
  some.force_recovery = true;
  SubscribeOverride override;
  override.presence = false;
  override.join_leave = true;
  override.force_push_join_leave = true;
  override.force_positioning = true;
  const auto options = subscribe_options(*rules().find_by_name("some"), Source::server_api, override);
  EXPECT_FALSE(options.emit_presence);
  EXPECT_TRUE(options.emit_join_leave && options.push_join_leave && options.positioned);
  EXPECT_TRUE(options.recoverable);
  override.force_recovery = false;
  EXPECT_FALSE(subscribe_options(*rules().find_by_name("some"), Source::server_api, override).recoverable);
}

}  // namespace
}  // namespace whirl::channel
