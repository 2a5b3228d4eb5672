#include <memory>

#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/list.h"

namespace whirl::session {

void unsubscribe(Client& client, const protocol::Command& command, Call call) {
  const std::string_view channel = command.unsubscribe->channel;
  if (channel.empty()) return call.refuse(protocol::disconnects::bad_request, "unsubscribe takes a channel");
  // What comes behind may subscribe again, so it must not overtake.
  client.hold_commands(true);
  client.subscriptions().unsubscribe(channel, [client = client.weak(), call = std::move(call)]() mutable {
    if (auto alive = client.lock()) alive->hold_commands(false);
    protocol::UnsubscribeResult result;
    protocol::Reply reply;
    reply.unsubscribe = &result;
    call.reply(reply);
  });
}

}  // namespace whirl::session
