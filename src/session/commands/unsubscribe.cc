#include <memory>

#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/list.h"

namespace whirl::session {

void unsubscribe(Client& client, const protocol::Command& command, Call call) {
  const std::string_view channel = command.unsubscribe->channel;
  if (channel.empty()) return call.refuse(protocol::disconnects::bad_request, "unsubscribe takes a channel");
  client.subscriptions().unsubscribe(channel, [call = std::move(call)]() mutable {
    protocol::UnsubscribeResult result;
    protocol::Reply reply;
    reply.unsubscribe = &result;
    call.reply(reply);
  });
}

}  // namespace whirl::session
