#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/decide.h"
#include "session/commands/list.h"

namespace whirl::session {
namespace {

void reply(Call& call, const Result<broker::PresenceStats>& result) {
  if (!result) return call.fail(result.error(), "reading presence statistics failed");
  protocol::PresenceStatsResult stats;
  stats.num_clients = result->clients;
  stats.num_users = result->users;
  protocol::Reply out;
  out.presence_stats = &stats;
  call.reply(out);
}

}  // namespace

void presence_stats(Client& client, const protocol::Command& command, Call call) {
  const std::string_view channel = command.presence_stats->channel;
  if (channel.empty())
    return call.refuse(protocol::disconnects::bad_request, "presence_stats takes a channel");
  const channel::Request asked{channel::Action::presence_stats, channel};
  const auto decision = decide(client, asked);
  if (!decision.allowed()) return call.refuse(refusal_of(decision, asked));
  client.node().presence_stats(
      std::string(channel),
      [call = std::move(call)](Result<broker::PresenceStats> result) mutable { reply(call, result); });
}

}  // namespace whirl::session
