#include "session/pushes.h"

#include "protocol/errors.h"
#include "protocol/outgoing.h"
#include "session/client.h"
#include "session/wire.h"

namespace whirl::session {
namespace {

void send_push(Client& client, const protocol::Push& push, FrameType type) {
  client.send(protocol::push_frame(client.variant(), push), type);
}

}  // namespace

void push_ping(Client& client) {
  const protocol::Variant variant = client.variant();
  client.send(variant.unidirectional ? protocol::push_frame(variant, {}) : protocol::reply_frame(variant, {}),
              FrameType::server_ping);
}

void push_subscribe(Client& client, std::string_view channel, const Subscribed& subscribed) {
  codec::Arena& arena = client.context().outgoing;
  arena.reset();
  Wire wire(arena, client.variant().encoding);
  protocol::Subscribe subscribe;
  subscribe.recoverable = subscribed.recoverable;
  subscribe.positioned = subscribed.positioned;
  subscribe.epoch = subscribed.position.epoch;
  subscribe.offset = subscribed.position.offset;
  subscribe.data = wire.payload(subscribed.data);
  if (!wire.can_be_shown()) return client.close(protocol::disconnects::inappropriate_protocol);
  protocol::Push push;
  push.channel = channel;
  push.subscribe = &subscribe;
  send_push(client, push, FrameType::push_subscribe);
}

void push_unsubscribe(Client& client, std::string_view channel, const protocol::Unsubscribe& unsubscribe) {
  protocol::Push push;
  push.channel = channel;
  push.unsubscribe = &unsubscribe;
  client.metrics().unsubscribed(unsubscribe.code);
  send_push(client, push, FrameType::push_unsubscribe);
}

void push_refresh(Client& client, std::uint32_t ttl) {
  protocol::Refresh refresh;
  refresh.expires = ttl > 0;
  refresh.ttl = ttl;
  protocol::Push push;
  push.refresh = &refresh;
  send_push(client, push, FrameType::push_refresh);
}

void push_disconnect(Client& client, const protocol::Disconnect& disconnect) {
  protocol::Push push;
  push.disconnect = &disconnect;
  send_push(client, push, FrameType::push_disconnect);
}

}  // namespace whirl::session
