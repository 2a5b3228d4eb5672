#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/decide.h"
#include "session/commands/list.h"
#include "session/wire.h"

namespace whirl::session {
namespace {

void reply(Call& call, const Result<broker::PresenceMap>& result) {
  auto client = call.client();
  if (!client) return;
  if (!result) return call.fail(result.error(), "reading presence failed");
  codec::Arena& arena = client->context().outgoing;
  arena.reset();
  Wire wire(arena, client->variant().encoding);
  protocol::PresenceResult presence;
  presence.presence = wire.presence(*result);
  protocol::Reply out;
  out.presence = &presence;
  call.reply(out, wire.can_be_shown());
}

}  // namespace

void presence(Client& client, const protocol::Command& command, Call call) {
  const std::string_view channel = command.presence->channel;
  if (channel.empty()) return call.refuse(protocol::disconnects::bad_request, "presence takes a channel");
  const channel::Request asked{channel::Action::presence, channel};
  const auto decision = decide(client, asked);
  if (!decision.allowed()) return call.refuse(refusal_of(decision, asked));
  client.node().presence(
      std::string(channel),
      [call = std::move(call)](Result<broker::PresenceMap> result) mutable { reply(call, result); });
}

}  // namespace whirl::session
