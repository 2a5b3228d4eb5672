#include "session/commands/connecting.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "protocol/errors.h"
#include "protocol/outgoing.h"
#include "session/limits.h"
#include "session/tokens.h"
#include "session/wire.h"

namespace whirl::session {
namespace {

/// Header names are compared in lower case.
std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

/// A unidirectional client gets no error but the end of its connection.
protocol::Disconnect disconnect_for(const config::ConnectCodeToUnidirectionalDisconnect& configured,
                                    const Refusal& refusal) {
  if (configured.enabled) {
    for (const auto& transform : configured.transforms) {
      if (transform.code == refusal.code) return {transform.to.code, transform.to.reason};
    }
  }
  switch (refusal.code) {
    case protocol::errors::expired.code:
    case protocol::errors::token_expired.code:
      return protocol::disconnects::expired;
    case protocol::errors::too_many_requests.code:
      return protocol::disconnects::too_many_requests;
    case protocol::errors::permission_denied.code:
      return protocol::disconnects::permission_denied;
    default:
      return protocol::disconnects::server_error;
  }
}

}  // namespace

Connecting::Connecting(const protocol::ConnectRequest& request, Call call)
    : call_(std::move(call)),
      token_(request.token),
      labels_{.has_name = !request.name.empty(), .has_version = !request.version.empty()} {
  for (const auto& [channel, subscription] : request.subs) {
    // A filter, and the wish for a recovery or nothing, belong to subscribe commands.
    protocol::SubscribeRequest asked;
    asked.recover = subscription.recover;
    asked.offset = subscription.offset;
    asked.epoch = subscription.epoch;
    asked.delta = subscription.delta;
    wishes_.try_emplace(std::string(channel), wish_of(asked));
  }
}

void Connecting::start(Client& client) {
  if (token_.empty()) return identify(client);
  verify_connection_token(client, TokenUse::connect, token_,
                          [self = shared_from_this()](Client& asker, Answer<auth::ConnectToken> token) {
                            self->on_token(asker, std::move(token));
                          });
}

void Connecting::on_token(Client& client, Answer<auth::ConnectToken> token) {
  const config::Client& options = client.settings().client;
  if (!token) return refuse(client, token.error());
  if (token->user.empty() && options.disallow_anonymous_connection_tokens) {
    return refuse(client, Refusal::disconnect(protocol::disconnects::permission_denied,
                                              "client.disallow_anonymous_connection_tokens is on"));
  }
  identity_ = {std::move(token->user), std::move(token->info), options.insecure ? 0 : token->expire_at};
  token_subs_ = std::move(token->subs);
  identified_ = true;
  adds_requested_ = true;
  end_other_connections(client);
}

void Connecting::identify(Client& client) {
  const config::Client& options = client.settings().client;
  if (options.allow_anonymous_connect_without_token || options.insecure) {
    identified_ = true;
    adds_requested_ = true;
  }
  end_other_connections(client);
}

/// Where a user may have one connection only, the older ones end for the new one.
void Connecting::end_other_connections(Client& client) {
  const config::SubscribeToUserPersonalChannel& personal =
      client.settings().client.subscribe_to_user_personal_channel;
  if (!personal.enabled || !personal.single_connection || identity_.user.empty())
    return choose_channels(client);
  client.node().presence_stats(
      client.settings().rules->personal_channel(identity_.user),
      [self = shared_from_this()](Result<broker::PresenceStats> stats) {
        auto alive = self->call_.client();
        if (!alive) return;
        if (!stats) {
          return self->refuse(
              *alive, Refusal::disconnect(protocol::disconnects::server_error, stats.error().message));
        }
        if (stats->clients == 0) return self->choose_channels(*alive);
        hub::UserTarget others{.user = self->identity_.user, .client_whitelist = {alive->id_text()}};
        const protocol::Disconnect& limit = protocol::disconnects::connection_limit;
        alive->node().disconnect_user(
            std::move(others), {limit.code, std::string(limit.reason)}, [self](Result<> ended) {
              auto still_alive = self->call_.client();
              if (!still_alive) return;
              if (ended) return self->choose_channels(*still_alive);
              self->refuse(*still_alive,
                           Refusal::disconnect(protocol::disconnects::server_error, ended.error().message));
            });
      });
}

void Connecting::choose_channels(Client& client) {
  for (const auto add : {&Connecting::add_token_channels, &Connecting::add_personal_channel,
                         &Connecting::add_requested_channels}) {
    if (auto added = (this->*add)(client); !added) return refuse(client, added.error());
  }
  const channel::Rules& rules = *client.settings().rules;
  for (auto& [channel, options] : channels_) {
    const channel::Namespace* ns = rules.find(channel);
    if (options.recoverable && options.recovers_from_cache && ns)
      options.auto_cache_recover = ns->auto_cache_recover;
  }
  check_limits(client);
}

void Connecting::check_limits(Client& client) {
  const config::Client& options = client.settings().client;
  if (options.channel_limit > 0 && channels_.size() > static_cast<std::size_t>(options.channel_limit)) {
    return refuse(client, Refusal::disconnect(protocol::disconnects::channel_limit, "client.channel_limit"));
  }
  if (!identified_ && !options.user_id_http_header.empty()) {
    identity_.user = client.header(lower(options.user_id_http_header));
    identified_ = !identity_.user.empty();
  }
  if (!identified_) {
    return refuse(client, Refusal::disconnect(
                              protocol::disconnects::bad_request,
                              "no token came, and client.allow_anonymous_connect_without_token is off"));
  }
  if (options.user_connection_limit <= 0 || identity_.user.empty()) return accept(client);
  client.node().count_user_connections(
      identity_.user, [self = shared_from_this()](Result<std::size_t> count) {
        auto alive = self->call_.client();
        if (!alive) return;
        const auto limit = static_cast<std::size_t>(alive->settings().client.user_connection_limit);
        if (count && *count < limit) return self->accept(*alive);
        self->refuse(*alive, Refusal::disconnect(protocol::disconnects::connection_limit,
                                                 "client.user_connection_limit is reached"));
      });
}

void Connecting::accept(Client& client) {
  const std::int64_t now_s = client.unix_seconds();
  identity_.expire_at = std::min(identity_.expire_at, now_s + kMaxTtlSeconds);
  if (identity_.expire_at > 0) {
    if (identity_.expire_at < now_s) {
      return refuse(client,
                    Refusal::error(protocol::errors::expired, "the connection's expiration time has passed"));
    }
    ttl_ = static_cast<std::uint32_t>(identity_.expire_at - now_s);
  }
  client.become(identity_, labels_);
  subscribe(client);
}

void Connecting::subscribe(Client& client) {
  pending_ = channels_.size();
  if (pending_ == 0) return reply(client);
  for (const auto& [channel, options] : channels_) client.subscriptions().reserve(channel);
  // A callback may come at once, and the answer to the last one moves on; so the list is left alone until
  // then.
  auto channels = std::exchange(channels_, {});
  for (auto& [channel, options] : channels) {
    const auto wish = wishes_.find(channel);
    client.subscriptions().subscribe(
        channel, std::move(options), wish == wishes_.end() ? Wish() : std::move(wish->second), true,
        [self = shared_from_this(), &client, name = channel](Answer<Subscribed> subscribed) {
          self->on_subscribed(client, name, std::move(subscribed));
        });
    if (client.closed() || client.unusable()) return;
  }
}

void Connecting::on_subscribed(Client& client, const std::string& channel, Answer<Subscribed> subscribed) {
  if (client.unusable()) return;
  if (!subscribed) return refuse(client, subscribed.error());
  subscribed_.try_emplace(channel, std::move(*subscribed));
  if (--pending_ == 0) reply(client);
}

protocol::ConnectResult Connecting::result(Client& client, Wire& wire) {
  const Settings& settings = client.settings();
  protocol::ConnectResult result;
  id_text_ = client.id_text();
  result.client = id_text_;
  result.version = settings.version;
  result.expires = identity_.expire_at > 0;
  result.ttl = ttl_;
  result.ping = client.announced_ping_s();
  result.pong = client.announces_pong();
  result.session = client.session_id();
  if (client.emulation()) result.node = client.node().uid();
  if (settings.client.connect_include_server_time) result.time = client.unix_ms();
  auto subs = wire.array<codec::Entry<protocol::SubscribeResult>>(subscribed_.size());
  std::size_t i = 0;
  for (const auto& [channel, subscribed] : subscribed_)
    subs[i++] = {channel, wire.subscribe_result(subscribed)};
  result.subs = subs;
  return result;
}

void Connecting::reply(Client& client) {
  codec::Arena& arena = client.context().outgoing;
  arena.reset();
  Wire wire(arena, client.variant().encoding);
  const protocol::ConnectResult connected = result(client, wire);
  if (client.variant().unidirectional) {
    if (!wire.can_be_shown()) return client.close(protocol::disconnects::inappropriate_protocol);
    const protocol::Connect told{connected.client,  connected.version, connected.data, connected.subs,
                                 connected.expires, connected.ttl,     connected.ping, connected.pong,
                                 connected.session, connected.node,    connected.time};
    protocol::Push push;
    push.connect = &told;
    client.send(protocol::push_frame(client.variant(), push), FrameType::push_connect);
    call_.done();
  } else {
    protocol::Reply out;
    out.connect = &connected;
    call_.reply(out, wire.can_be_shown());
  }
  if (client.closed()) return;
  client.went_live();
  for (const auto& [channel, subscribed] : subscribed_) {
    if (!client.closed()) client.subscriptions().announce(channel, [](Result<>) {});
  }
}

void Connecting::refuse(Client& client, const Refusal& refusal) {
  if (client.hands_over(refusal)) return;
  if (client.variant().unidirectional && !refusal.ends_connection) {
    log::debug("a unidirectional client can't connect",
               {{"code", refusal.code}, {"why", refusal.why}, {"client", client.id_text()}});
    return client.close(
        disconnect_for(client.settings().client.connect_code_to_unidirectional_disconnect, refusal));
  }
  if (!refusal.ends_connection) client.become_unusable();
  call_.refuse(refusal);
}

}  // namespace whirl::session
