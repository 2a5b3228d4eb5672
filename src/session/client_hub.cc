#include <algorithm>
#include <utility>

#include "base/log.h"
#include "protocol/errors.h"
#include "session/client.h"
#include "session/limits.h"
#include "session/pushes.h"

namespace whirl::session {
namespace {

FrameType frame_type(hub::PushKind kind) {
  switch (kind) {
    case hub::PushKind::publication:
      return FrameType::push_publication;
    case hub::PushKind::join:
      return FrameType::push_join;
    case hub::PushKind::leave:
      return FrameType::push_leave;
  }
  return FrameType::push_publication;
}

std::optional<bool> optional(std::int8_t value) {
  return value < 0 ? std::nullopt : std::optional<bool>(value != 0);
}

channel::SubscribeOptions options_of(const channel::Namespace& ns, const hub::SubscribeOverrides& wanted) {
  channel::SubscribeOverride override;
  override.presence = optional(wanted.presence);
  override.join_leave = optional(wanted.join_leave);
  override.force_push_join_leave = optional(wanted.force_push_join_leave);
  override.force_positioning = optional(wanted.force_positioning);
  override.force_recovery = optional(wanted.force_recovery);
  channel::SubscribeOptions options = channel::subscribe_options(ns, channel::Source::server_api, override);
  options.expire_at = wanted.expire_at;
  options.info = wanted.info;
  options.data = wanted.data;
  return options;
}

}  // namespace

void Client::deliver(const SharedBytes& frame, hub::PushKind kind) {
  if (closed()) return;
  if (holds_pushes_) {
    rare().held.emplace_back(frame, frame_type(kind));
  } else {
    send(frame, frame_type(kind));
  }
}

void Client::insufficient_state(std::string_view channel) {
  const Subscriptions::Entry* entry = subscriptions_.find(channel);
  if (closed() || !entry) return;
  log::debug("a client lost its place in a channel's stream",
             {{"channel", channel}, {"client", id_text()}, {"user", user_}});
  if (entry->server_side) return close(protocol::disconnects::insufficient_state);
  on_unsubscribe(channel, {protocol::unsubscribes::insufficient_state.code,
                           std::string(protocol::unsubscribes::insufficient_state.reason)});
}

void Client::inappropriate_payload(std::string_view) {
  close(protocol::disconnects::inappropriate_protocol);
}

void Client::on_disconnect(const hub::Disconnect& disconnect) {
  close({disconnect.code, disconnect.reason});
}

void Client::on_unsubscribe(std::string_view channel, const hub::Unsubscribe& unsubscribe) {
  if (closed()) return;
  // The name may live in what ends now.
  const std::string name(channel);
  subscriptions_.unsubscribe(name, [client = weak(), name, unsubscribe] {
    auto alive = client.lock();
    if (alive && !alive->closed()) push_unsubscribe(*alive, name, {unsubscribe.code, unsubscribe.reason});
  });
}

void Client::on_subscribe(std::string_view channel, const hub::SubscribeOverrides& wanted) {
  if (closed()) return;
  const channel::Namespace* ns = settings().rules->find(channel);
  if (!ns) return;
  const std::int64_t limit = settings().client.channel_limit;
  if (limit > 0 && subscriptions_.size() >= static_cast<std::size_t>(limit)) {
    return close(protocol::disconnects::channel_limit);
  }
  subscriptions_.replace(channel);
  if (subscriptions_.has(channel)) return;  // the client is just subscribing to it
  Wish wish;
  wish.recover = wanted.has_recover_since;
  wish.since = wanted.recover_since;
  std::string name(channel);
  subscriptions_.reserve(name);
  subscriptions_.subscribe(name, options_of(*ns, wanted), std::move(wish), true,
                           [this, name](Answer<Subscribed> subscribed) {
                             if (!subscribed) return settle(subscribed.error());
                             push_subscribe(*this, name, *subscribed);
                             if (!closed()) subscriptions_.announce(name, [](Result<>) {});
                           });
}

void Client::settle(const Refusal& refusal) {
  log::debug("a server-side subscription is refused",
             {{"code", refusal.code}, {"why", refusal.why}, {"client", id_text()}});
  if (refusal.ends_connection) close({refusal.code, refusal.text});
}

void Client::on_refresh(const hub::Refresh& wanted) {
  if (closed()) return;
  if (wanted.expired) return close(protocol::disconnects::expired);
  const std::int64_t now_s = unix_seconds();
  const std::int64_t expire_at = std::min(wanted.expire_at, now_s + kMaxTtlSeconds);
  if (expire_at > 0 && expire_at <= now_s) return close(protocol::disconnects::expired);
  refresh(expire_at, wanted.info);
  push_refresh(*this, expire_at > 0 ? static_cast<std::uint32_t>(expire_at - now_s) : 0);
}

}  // namespace whirl::session
