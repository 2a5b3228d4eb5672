#include "hub/user_command.h"

#include <algorithm>
#include <vector>

#include "codec/protobuf.h"

namespace whirl::hub {
namespace {

template <class... Calls>
struct Overloaded : Calls... {
  using Calls::operator()...;
};
template <class... Calls>
Overloaded(Calls...) -> Overloaded<Calls...>;

constexpr std::uint32_t kFromServerApi = 10;

/// Other nodes are told on or off, as Centrifugo's tell it: what follows the namespace has to be looked up
/// before the command is made.
bool to_wire(std::int8_t override_value) {
  return override_value > 0;
}

template <class Message>
void put_target(const UserTarget& target, Message& to) {
  to.user = target.user;
  to.client = target.client;
  to.session = target.session;
}

template <class Message>
UserTarget target_of(const Message& from) {
  UserTarget target;
  target.user = from.user;
  target.client = from.client;
  target.session = from.session;
  return target;
}

std::string encode(std::string_view uid, control::Command command) {
  command.uid = uid;
  std::string out;
  codec::encode_protobuf(command, out);
  return out;
}

UserCommand from_disconnect(const control::Disconnect& from) {
  UserCommand command{target_of(from), Disconnect{from.code, std::string(from.reason)}};
  for (std::string_view client : from.whitelist) command.target.client_whitelist.emplace_back(client);
  return command;
}

UserCommand from_unsubscribe(const control::Unsubscribe& from) {
  return {target_of(from), UserCommand::Unsubscription{std::string(from.channel),
                                                       Unsubscribe{from.code, std::string(from.reason)}}};
}

UserCommand from_subscribe(const control::Subscribe& from) {
  SubscribeOverrides with;
  with.info = from.channel_info.bytes;
  with.data = from.data.bytes;
  with.expire_at = from.expire_at;
  if (from.recover_since) {
    with.has_recover_since = true;
    with.recover_since = {from.recover_since->offset, std::string(from.recover_since->epoch)};
  }
  with.presence = from.emit_presence;
  with.join_leave = from.emit_join_leave;
  with.force_push_join_leave = from.push_join_leave;
  with.force_recovery = from.recover;
  with.force_positioning = from.position;
  return {target_of(from), UserCommand::Subscription{std::string(from.channel), std::move(with)}};
}

UserCommand from_refresh(const control::Refresh& from) {
  Refresh with{.expired = from.expired, .expire_at = from.expire_at, .has_info = from.info.present()};
  with.info = from.info.bytes;
  return {target_of(from), std::move(with)};
}

}  // namespace

bool UserCommand::is_for(const Subscriber& subscriber) const {
  if (!target.session.empty() && target.session != subscriber.session_id()) return false;
  if (target.client.empty() && target.client_whitelist.empty()) return true;
  std::string client = subscriber.client_id().text();
  if (!target.client.empty() && target.client != client) return false;
  return std::ranges::find(target.client_whitelist, client) == target.client_whitelist.end();
}

void UserCommand::run(Subscriber& subscriber) const {
  std::visit(Overloaded{
                 [&](const Disconnect& with) { subscriber.on_disconnect(with); },
                 [&](const Unsubscription& u) { subscriber.on_unsubscribe(u.channel, u.with); },
                 [&](const Subscription& s) { subscriber.on_subscribe(s.channel, s.with); },
                 [&](const Refresh& with) { subscriber.on_refresh(with); },
             },
             action);
}

std::string UserCommand::message(std::string_view uid) const {
  return std::visit(
      Overloaded{
          [&](const Disconnect& with) {
            control::Disconnect to;
            put_target(target, to);
            std::vector<std::string_view> whitelist(target.client_whitelist.begin(),
                                                    target.client_whitelist.end());
            to.whitelist = whitelist;
            to.code = with.code;
            to.reason = with.reason;
            return encode(uid, {.disconnect = &to});
          },
          [&](const Unsubscription& u) {
            control::Unsubscribe to;
            put_target(target, to);
            to.channel = u.channel;
            to.code = u.with.code;
            to.reason = u.with.reason;
            return encode(uid, {.unsubscribe = &to});
          },
          [&](const Subscription& s) {
            control::Subscribe to;
            put_target(target, to);
            to.channel = s.channel;
            to.channel_info = codec::Raw::unless_empty(s.with.info);
            to.data = codec::Raw::unless_empty(s.with.data);
            to.expire_at = s.with.expire_at;
            control::StreamPosition since{s.with.recover_since.offset, s.with.recover_since.epoch};
            if (s.with.has_recover_since) to.recover_since = &since;
            to.emit_presence = to_wire(s.with.presence);
            to.emit_join_leave = to_wire(s.with.join_leave);
            to.push_join_leave = to_wire(s.with.force_push_join_leave);
            to.recover = to_wire(s.with.force_recovery);
            to.position = to_wire(s.with.force_positioning);
            to.source = kFromServerApi;
            return encode(uid, {.subscribe = &to});
          },
          [&](const Refresh& with) {
            control::Refresh to;
            put_target(target, to);
            to.expired = with.expired;
            to.expire_at = with.expire_at;
            if (with.has_info) to.info = codec::Raw{with.info};
            return encode(uid, {.refresh = &to});
          },
      },
      action);
}

std::optional<UserCommand> UserCommand::from(const control::Command& message) {
  if (message.disconnect) return from_disconnect(*message.disconnect);
  if (message.unsubscribe) return from_unsubscribe(*message.unsubscribe);
  if (message.subscribe) return from_subscribe(*message.subscribe);
  if (message.refresh) return from_refresh(*message.refresh);
  return std::nullopt;
}

}  // namespace whirl::hub
