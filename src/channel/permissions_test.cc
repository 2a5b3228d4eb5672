#include "channel/permissions.h"

#include <gmock/gmock.h>

namespace whirl::channel {
namespace {

using ::testing::HasSubstr;

constexpr Subject kAnn{.user = "ann"};
constexpr Subject kAnonymous{};
constexpr Subject kAnnInside{.user = "ann", .subscribed = true};
constexpr Subject kAnonymousInside{.user = "", .subscribed = true};
constexpr Subject kAnnWithToken{.user = "ann", .has_token = true};

class Permissions : public ::testing::Test {
 protected:
  /// The options of namespace `ns`, to which all channels "ns:…" belong.
  config::ChannelOptions& options() {
    if (channel_.namespaces.empty()) channel_.namespaces.emplace_back().name = "ns";
    rules_.reset();
    return channel_.namespaces[0];
  }
  Decision decide(const Subject& subject, const Request& request) {
    if (!rules_) rules_ = *Rules::build(channel_, client_);
    return channel::decide(*rules_, subject, request);
  }
  Decision decide(Action action, const Subject& subject, std::string_view channel = "ns:a") {
    return decide(subject, Request{.action = action, .channel = channel});
  }
  Refusal refusal(Action action, const Subject& subject, std::string_view channel = "ns:a") {
    return decide(action, subject, channel).refusal;
  }
  Way way(Action action, const Subject& subject, std::string_view channel = "ns:a") {
    return decide(action, subject, channel).way;
  }

  config::Channel channel_;
  config::Client client_;
  RulesPtr rules_;
};

TEST_F(Permissions, NothingIsAllowedByDefault) {
  options();
  for (Action action : {Action::subscribe, Action::publish, Action::map_publish, Action::map_remove}) {
    EXPECT_EQ(refusal(action, kAnnInside), Refusal::permission_denied) << action_name(action);
  }
  for (Action action : {Action::history, Action::presence, Action::presence_stats}) {
    EXPECT_EQ(refusal(action, kAnnInside), Refusal::not_available) << action_name(action);
  }
}

/// Each action with the options that rule it.
struct Ruled {
  Action action;
  bool& (*for_client)(config::ChannelOptions&);
  bool& (*for_subscriber)(config::ChannelOptions&);
  bool& (*for_anonymous)(config::ChannelOptions&);
};
#define OPTION(path) [](config::ChannelOptions& o) -> bool& { return o.path; }
const Ruled kRuled[] = {
    {Action::subscribe, OPTION(allow_subscribe_for_client), nullptr, OPTION(allow_subscribe_for_anonymous)},
    {Action::publish, OPTION(allow_publish_for_client), OPTION(allow_publish_for_subscriber),
     OPTION(allow_publish_for_anonymous)},
    {Action::history, OPTION(allow_history_for_client), OPTION(allow_history_for_subscriber),
     OPTION(allow_history_for_anonymous)},
    {Action::presence, OPTION(allow_presence_for_client), OPTION(allow_presence_for_subscriber),
     OPTION(allow_presence_for_anonymous)},
    {Action::presence_stats, OPTION(allow_presence_for_client), OPTION(allow_presence_for_subscriber),
     OPTION(allow_presence_for_anonymous)},
    {Action::map_publish, OPTION(map.allow_publish_for_client), OPTION(map.allow_publish_for_subscriber),
     OPTION(map.allow_publish_for_anonymous)},
    {Action::map_remove, OPTION(map.allow_remove_for_client), OPTION(map.allow_remove_for_subscriber),
     OPTION(map.allow_remove_for_anonymous)},
};
#undef OPTION

TEST_F(Permissions, EveryActionFollowsItsOwnOptions) {
  for (const Ruled& ruled : kRuled) {
    SCOPED_TRACE(action_name(ruled.action));
    options() = {};
    options().presence = true;
    options().history_size = 1;
    options().history_ttl = config::Duration::seconds(1);

    ruled.for_anonymous(options()) = true;  // alone it is not enough
    EXPECT_EQ(refusal(ruled.action, kAnn), Refusal::permission_denied);
    EXPECT_EQ(refusal(ruled.action, kAnonymousInside), Refusal::permission_denied);

    ruled.for_client(options()) = true;
    EXPECT_EQ(way(ruled.action, kAnn), Way::by_client_option);
    EXPECT_EQ(way(ruled.action, kAnonymous), Way::by_client_option);
    ruled.for_anonymous(options()) = false;
    EXPECT_EQ(refusal(ruled.action, kAnonymous), Refusal::permission_denied);

    if (!ruled.for_subscriber) continue;
    ruled.for_client(options()) = false;
    ruled.for_subscriber(options()) = true;
    EXPECT_EQ(refusal(ruled.action, kAnn), Refusal::permission_denied);
    EXPECT_EQ(way(ruled.action, kAnnInside), Way::by_subscriber_option);
    EXPECT_EQ(refusal(ruled.action, kAnonymousInside), Refusal::permission_denied);
    ruled.for_anonymous(options()) = true;
    EXPECT_EQ(way(ruled.action, kAnonymousInside), Way::by_subscriber_option);
  }
}

TEST_F(Permissions, UnknownNamespaceAndInvalidNameComeFirst) {
  options().channel_regex = "^ok$";
  for (const Ruled& ruled : kRuled) {
    EXPECT_EQ(refusal(ruled.action, kAnnInside, "missing:a"), Refusal::unknown_channel);
    EXPECT_EQ(refusal(ruled.action, kAnnInside, "ns:bad"), Refusal::bad_request);
  }
}

TEST_F(Permissions, OnlySubscriptionsAreLimitedInLength) {
  options().allow_subscribe_for_client = options().allow_publish_for_client = true;
  const std::string longest = "ns:" + std::string(252, 'x');
  EXPECT_TRUE(decide(Action::subscribe, kAnn, longest).allowed());
  EXPECT_EQ(refusal(Action::subscribe, kAnn, longest + "x"), Refusal::bad_request);
  EXPECT_TRUE(decide(Action::publish, kAnn, longest + "x").allowed());
}

TEST_F(Permissions, PrivateChannelsNeedAToken) {
  options().allow_subscribe_for_client = options().subscribe_proxy_enabled = true;
  EXPECT_EQ(refusal(Action::subscribe, kAnn, "$ns:a"), Refusal::permission_denied);
  EXPECT_EQ(way(Action::subscribe, kAnnWithToken, "$ns:a"), Way::by_token);
  client_.insecure = true;
  rules_.reset();
  EXPECT_EQ(refusal(Action::subscribe, kAnn, "$ns:a"), Refusal::permission_denied);
}

TEST_F(Permissions, ATokenDecidesEvenWhereItIsNotNeeded) {
  options().allow_subscribe_for_client = true;
  EXPECT_EQ(way(Action::subscribe, kAnnWithToken), Way::by_token);
  EXPECT_FALSE(decide(Action::subscribe, kAnnWithToken).allowed());
}

TEST_F(Permissions, UserLimitedChannelsAreForTheirUsersOnly) {
  options().allow_user_limited_channels = options().allow_subscribe_for_client = true;
  options().subscribe_proxy_enabled = true;
  EXPECT_EQ(way(Action::subscribe, kAnn, "ns:duo#bob,ann"), Way::by_user_limit);
  EXPECT_TRUE(decide(Action::subscribe, kAnn, "ns:duo#bob,ann").allowed());
  EXPECT_EQ(refusal(Action::subscribe, kAnn, "ns:a#bob"), Refusal::permission_denied);
  EXPECT_EQ(way(Action::subscribe, kAnonymous, "ns:a#"), Way::by_user_limit);
  EXPECT_EQ(way(Action::subscribe, kAnn, "ns:plain"), Way::by_proxy);
  client_.insecure = true;
  rules_.reset();
  EXPECT_EQ(way(Action::subscribe, kAnn, "ns:a#bob"), Way::by_insecure);
}

TEST_F(Permissions, ProxiesHaveTheSayBeforeOptions) {
  options().allow_subscribe_for_client = options().allow_publish_for_client = true;
  options().map.allow_publish_for_client = options().map.allow_remove_for_client = true;
  options().subscribe_proxy_enabled = options().publish_proxy_enabled = true;
  options().map.publish_proxy_enabled = options().map.remove_proxy_enabled = true;
  for (Action action : {Action::subscribe, Action::publish, Action::map_publish, Action::map_remove}) {
    EXPECT_EQ(way(action, kAnn), Way::by_proxy) << action_name(action);
    EXPECT_FALSE(decide(action, kAnn).allowed());
  }
}

TEST_F(Permissions, StreamProxiesTakeSubscriptionsAndPublicationsIfBidirectional) {
  options().subscribe_stream_proxy_enabled = true;
  options().allow_publish_for_client = options().map.allow_publish_for_client = true;
  EXPECT_EQ(way(Action::subscribe, kAnn), Way::by_stream_proxy);
  EXPECT_EQ(refusal(Action::publish, kAnn), Refusal::not_available);
  EXPECT_EQ(way(Action::map_publish, kAnn), Way::by_client_option);
  options().subscribe_stream_proxy_bidirectional = true;
  EXPECT_EQ(way(Action::publish, kAnn), Way::by_stream_proxy);
}

TEST_F(Permissions, TheSubscriptionTypeMustBeTheNamespaces) {
  options().allow_subscribe_for_client = true;
  auto with_type = [&](SubscriptionType type) {
    return decide(kAnn, {.action = Action::subscribe, .channel = "ns:a", .type = type}).refusal;
  };
  EXPECT_EQ(with_type(SubscriptionType::stream), Refusal::none);
  EXPECT_EQ(with_type(SubscriptionType::map), Refusal::permission_denied);
  options().subscription_type = "map_clients";
  EXPECT_EQ(with_type(SubscriptionType::map_clients), Refusal::none);
  EXPECT_EQ(with_type(SubscriptionType::map), Refusal::permission_denied);
  EXPECT_EQ(with_type(SubscriptionType::stream), Refusal::permission_denied);
}

TEST_F(Permissions, DataIsCheckedBeforePermission) {
  options().publication_data_format = "json_object";
  auto with_data = [&](std::string_view data) {
    return decide(kAnn, {.action = Action::publish, .channel = "ns:a", .data = data}).refusal;
  };
  EXPECT_EQ(with_data("[1]"), Refusal::bad_request);
  EXPECT_EQ(with_data("{}"), Refusal::permission_denied);
}

TEST_F(Permissions, InsecureAllowsEverythingThatIsAvailable) {
  client_.insecure = true;
  options().presence = true;
  for (Action action : {Action::subscribe, Action::publish, Action::presence, Action::map_remove}) {
    EXPECT_EQ(way(action, kAnonymous), Way::by_insecure) << action_name(action);
  }
  EXPECT_EQ(refusal(Action::history, kAnonymous), Refusal::not_available);
  EXPECT_EQ(refusal(Action::publish, kAnonymous, "missing:a"), Refusal::unknown_channel);
}

TEST_F(Permissions, PermittedLooksAtTheOptionsOnly) {
  options().allow_history_for_subscriber = true;
  const RulesPtr rules = *Rules::build(channel_, client_);
  const Namespace& ns = *rules->find_by_name("ns");
  EXPECT_TRUE(permitted(*rules, ns, Action::history, kAnnInside));
  EXPECT_FALSE(permitted(*rules, ns, Action::history, kAnn));
  EXPECT_FALSE(permitted(*rules, ns, Action::history, kAnonymousInside));
}

TEST_F(Permissions, ARefusalExplainsItself) {
  options().allow_publish_for_subscriber = true;
  auto why = [&](const Subject& subject, const Request& request) {
    return explain(decide(subject, request), request);
  };
  EXPECT_EQ(
      why(kAnn, {.action = Action::publish, .channel = "ns:a"}),
      "publish on ns:a is refused by allow_publish_for_subscriber (namespace ns: allow_publish_for_client "
      "is false, allow_publish_for_subscriber is true, allow_publish_for_anonymous is false); it takes "
      "subscribing to the channel first");
  EXPECT_EQ(why(kAnn, {.action = Action::subscribe, .channel = "x"}),
            "subscribe on x is refused by allow_subscribe_for_client (channel.without_namespace: "
            "allow_subscribe_for_client is false, allow_subscribe_for_anonymous is false); it takes a "
            "subscription token, or setting the option to true");
  EXPECT_EQ(
      why(kAnonymousInside, {.action = Action::publish, .channel = "ns:a"}),
      "publish on ns:a is refused by allow_publish_for_anonymous (namespace ns: allow_publish_for_client "
      "is false, allow_publish_for_subscriber is true, allow_publish_for_anonymous is false); it takes "
      "connecting with a user id, or setting the option to true");
  EXPECT_EQ(why(kAnnInside, {.action = Action::publish, .channel = "ns:a"}),
            "publish on ns:a is allowed by allow_publish_for_subscriber (namespace ns)");
  EXPECT_EQ(why(kAnn, {.action = Action::subscribe, .channel = "zz:a"}),
            "subscribe on zz:a is refused by channel.namespaces (any namespace); it takes configuring the "
            "namespace");
  EXPECT_EQ(why(kAnnWithToken, {.action = Action::subscribe, .channel = "ns:a"}),
            "subscribe on ns:a is up to its token");
}

/// Every kind of refusal, with the option that it names.
TEST_F(Permissions, EveryRefusalNamesTheOptionAndWhatWouldDo) {
  options().allow_user_limited_channels = true;
  options().publication_data_format = "json";
  options().channel_regex = "^[a-z:#$]+$";
  options().subscribe_stream_proxy_enabled = true;
  channel_.max_length = 20;
  const struct {
    Request request;
    std::string_view option;
    std::string_view remedy;
  } kRefused[] = {
      {{.action = Action::subscribe, .channel = "ns:aaaaaaaaaaaaaaaaaaa"}, "channel.max_length", "a shorter"},
      {{.action = Action::history, .channel = "zz:a"}, "channel.namespaces", "configuring the namespace"},
      {{.action = Action::presence, .channel = "ns:A"}, "channel_regex", "the expression matches"},
      {{.action = Action::presence, .channel = "\u00e9"}, "channel_regex", "ASCII"},
      {{.action = Action::publish, .channel = "ns:a", .data = "{"}, "publication_data_format", "that format"},
      {{.action = Action::history, .channel = "ns:a"}, "history_size and history_ttl", "switching it on"},
      {{.action = Action::presence, .channel = "ns:a"}, "presence", "switching it on"},
      {{.action = Action::subscribe, .channel = "$a"}, "channel.private_prefix", "a subscription token"},
      {{.action = Action::subscribe, .channel = "ns:a#bob"},
       "allow_user_limited_channels",
       "naming the user"},
      {{.action = Action::subscribe, .channel = "ns:a", .type = SubscriptionType::map},
       "subscription_type",
       "namespace's type"},
      {{.action = Action::publish, .channel = "ns:a"}, "subscribe_stream_proxy_bidirectional", "to true"},
      {{.action = Action::map_publish, .channel = "ns:a"}, "map.allow_publish_for_client", "to true"},
  };
  for (const auto& [request, option, remedy] : kRefused) {
    const Decision decision = decide(kAnn, request);
    EXPECT_EQ(decision.way, Way::refused) << option;
    const std::string why = explain(decision, request);
    EXPECT_THAT(why, HasSubstr(std::string("is refused by ") + std::string(option) + " (")) << option;
    EXPECT_THAT(
        why, HasSubstr(decision.ns ? decision.ns->name.empty() ? "channel.without_namespace" : "namespace ns"
                                   : "any namespace"));
    EXPECT_THAT(why.substr(why.find("it takes ")), HasSubstr(std::string(remedy)));
  }
}

}  // namespace
}  // namespace whirl::channel
