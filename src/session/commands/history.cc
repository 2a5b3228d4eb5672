#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/decide.h"
#include "session/commands/list.h"
#include "session/wire.h"

namespace whirl::session {
namespace {

broker::HistoryQuery query_of(const protocol::HistoryRequest& request, std::int64_t max) {
  broker::HistoryQuery query;
  if (request.since) {
    query.has_since = true;
    query.since = {request.since->offset, std::string(request.since->epoch)};
  }
  query.limit = request.limit;
  if (max > 0 && (query.limit < 0 || query.limit > max)) query.limit = static_cast<int>(max);
  query.reverse = request.reverse;
  return query;
}

void reply(Call& call, std::string_view since_epoch, const Result<broker::HistoryResult>& result) {
  auto client = call.client();
  if (!client) return;
  if (!result) return call.fail(result.error(), "reading history failed");
  if (!since_epoch.empty() && since_epoch != result->top.epoch) {
    return call.refuse(protocol::errors::unrecoverable_position, "the stream has another epoch");
  }
  codec::Arena& arena = client->context().outgoing;
  arena.reset();
  Wire wire(arena, client->variant().encoding);
  protocol::HistoryResult history;
  history.publications = wire.publications(result->publications, result->top.epoch);
  history.epoch = result->top.epoch;
  history.offset = result->top.offset;
  protocol::Reply out;
  out.history = &history;
  call.reply(out, wire.can_be_shown());
}

}  // namespace

void history(Client& client, const protocol::Command& command, Call call) {
  const protocol::HistoryRequest& request = *command.history;
  if (request.channel.empty())
    return call.refuse(protocol::disconnects::bad_request, "history takes a channel");
  const channel::Request asked{channel::Action::history, request.channel};
  const auto decision = decide(client, asked);
  if (!decision.allowed()) return call.refuse(refusal_of(decision, asked));
  if (!client.node().limits(request.channel).history) {
    return call.refuse(protocol::errors::not_available, "the broker keeps no history");
  }
  broker::HistoryQuery query = query_of(request, client.settings().client.history_max_publication_limit);
  if (query.reverse && query.has_since && query.since.offset == 0) {
    return call.refuse(protocol::errors::bad_request, "nothing is before offset 0");
  }
  std::string epoch = query.since.epoch;
  client.node().history(std::string(request.channel), std::move(query),
                        [call = std::move(call), epoch = std::move(epoch)](
                            Result<broker::HistoryResult> result) mutable { reply(call, epoch, result); });
}

}  // namespace whirl::session
