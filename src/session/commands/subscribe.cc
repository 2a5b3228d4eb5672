#include <memory>
#include <utility>

#include "channel/permissions.h"
#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/decide.h"
#include "session/commands/list.h"
#include "session/tokens.h"
#include "session/wire.h"

namespace whirl::session {
namespace {

using channel::Action;
using channel::Way;

/// A subscribe command whose channel is reserved, on its way through token and hub.
struct Subscribing {
  Call call;
  std::string channel;
  Wish wish;
  bool positioned = false;  ///< what the client asks for and may get
  bool recoverable = false;
  bool join_leave = false;

  /// Gives the channel's place back.
  void refuse(Client& client, const Refusal& refusal) {
    client.subscriptions().release(channel);
    call.refuse(refusal);
  }
};

/// What is wrong with the request whatever the channel's rules say.
Answer<void> check(Client& client, const protocol::SubscribeRequest& request) {
  const Settings& settings = client.settings();
  if (request.channel.empty()) return refuse(protocol::disconnects::bad_request, "subscribe takes a channel");
  if (!request.delta.empty() && request.delta != "fossil") {
    return refuse(protocol::disconnects::bad_request, "unknown delta type");
  }
  if (settings.rules->too_long(request.channel)) {
    return refuse(protocol::errors::bad_request, "the channel name is longer than channel.max_length");
  }
  if (client.subscriptions().has(request.channel)) return refuse(protocol::errors::already_subscribed);
  const std::int64_t limit = settings.client.channel_limit;
  if (limit > 0 && client.subscriptions().size() >= static_cast<std::size_t>(limit)) {
    return refuse(protocol::errors::limit_exceeded, "client.channel_limit is reached");
  }
  return {};
}

/// Numbers that stand for nothing mean a stream, as in Centrifugo.
channel::SubscriptionType type_of(const protocol::SubscribeRequest& request) {
  const auto type = static_cast<channel::SubscriptionType>(request.type);
  return type > channel::SubscriptionType::stream && type <= channel::SubscriptionType::shared_poll
             ? type
             : channel::SubscriptionType::stream;
}

channel::Source source_of(Way way) {
  switch (way) {
    case Way::by_user_limit:
      return channel::Source::user_limited;
    case Way::by_insecure:
      return channel::Source::client_insecure;
    default:
      return channel::Source::client_allowed;
  }
}

/// Lays over the options what the client wishes and may have.
void grant_wishes(Client& client, const channel::Namespace& ns, const Subscribing& wanted,
                  channel::SubscribeOptions& options) {
  // Subscribers have rights that this client is about to get.
  const channel::Subject subject{.user = client.user(), .subscribed = true};
  const channel::Rules& rules = *client.settings().rules;
  const bool sees_history = permitted(rules, ns, Action::history, subject);
  if (wanted.positioned && (ns.allow_positioning || sees_history)) options.positioned = true;
  if (wanted.recoverable && (ns.allow_recovery || sees_history)) options.recoverable = true;
  if (wanted.join_leave && ns.join_leave && permitted(rules, ns, Action::presence, subject)) {
    options.push_join_leave = true;
  }
  if (ns.auto_cache_recover && options.recoverable && options.recovers_from_cache)
    options.auto_cache_recover = true;
}

bool reply(Client& client, Call& call, const Subscribed& subscribed) {
  codec::Arena& arena = client.context().outgoing;
  arena.reset();
  Wire wire(arena, client.variant().encoding);
  const protocol::SubscribeResult result = wire.subscribe_result(subscribed);
  protocol::Reply out;
  out.subscribe = &result;
  return call.send(out, wire.can_be_shown());
}

void go_on(Client& client, std::shared_ptr<Subscribing> wanted, const channel::Namespace& ns,
           channel::SubscribeOptions options) {
  grant_wishes(client, ns, *wanted, options);
  client.subscriptions().subscribe(wanted->channel, std::move(options), std::move(wanted->wish), false,
                                   [&client, wanted](Answer<Subscribed> subscribed) {
                                     if (!subscribed) return wanted->call.refuse(subscribed.error());
                                     if (!reply(client, wanted->call, *subscribed)) return;
                                     // The next command could be an unsubscribe, and the client is to see its
                                     // own join before.
                                     client.subscriptions().announce(
                                         wanted->channel, [wanted](Result<>) { wanted->call.done(); });
                                   });
}

void on_token(Client& client, std::shared_ptr<Subscribing> wanted, Answer<auth::SubscribeToken> token) {
  if (!token) return wanted->refuse(client, token.error());
  if (auto good = check_bearer(client, wanted->channel, *token); !good)
    return wanted->refuse(client, good.error());
  // The rules may have been replaced while keys were fetched.
  const channel::Namespace* ns = client.settings().rules->find(wanted->channel);
  if (!ns) return wanted->refuse(client, Refusal::error(protocol::errors::unknown_channel));
  channel::SubscribeOptions options =
      channel::subscribe_options(*ns, channel::Source::subscription_token, token->override);
  options.expire_at = token->expire_at;
  options.info = std::move(token->info);
  options.data = std::move(token->data);
  go_on(client, std::move(wanted), *ns, std::move(options));
}

}  // namespace

void subscribe(Client& client, const protocol::Command& command, Call call) {
  const protocol::SubscribeRequest& request = *command.subscribe;
  if (auto good = check(client, request); !good) return call.refuse(good.error());
  const channel::SubscriptionType type = type_of(request);
  const channel::Request asked{Action::subscribe, request.channel, type};
  const channel::Decision decision = decide(client, asked, !request.token.empty());
  if (!decision.allowed() && decision.way != Way::by_token) return call.refuse(refusal_of(decision, asked));
  if (type != channel::SubscriptionType::stream) {
    return call.refuse(protocol::errors::not_available, "only stream subscriptions are served");
  }
  client.subscriptions().reserve(request.channel);
  auto wanted = std::make_shared<Subscribing>(Subscribing{.call = std::move(call),
                                                          .channel = std::string(request.channel),
                                                          .wish = wish_of(request),
                                                          .positioned = request.positioned,
                                                          .recoverable = request.recoverable,
                                                          .join_leave = request.join_leave});
  if (decision.way != Way::by_token) {
    return go_on(client, wanted, *decision.ns,
                 channel::subscribe_options(*decision.ns, source_of(decision.way)));
  }
  verify_subscription_token(client, TokenUse::subscribe, request.token,
                            [wanted](Client& asker, Answer<auth::SubscribeToken> token) {
                              on_token(asker, wanted, std::move(token));
                            });
}

}  // namespace whirl::session
