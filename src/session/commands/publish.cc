#include "base/log.h"
#include "channel/permissions.h"
#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/decide.h"
#include "session/commands/list.h"

namespace whirl::session {
namespace {

constexpr std::int32_t kMap = 1;  // PublishRequest::type

broker::PublishOptions options_of(const channel::Namespace& ns, broker::ClientInfoPtr info) {
  broker::PublishOptions options;
  options.history_size = static_cast<int>(ns.history_size);
  options.history_ttl_ms = ns.history_ttl.ms();
  options.history_meta_ttl_ms = ns.history_meta_ttl.ms();
  options.info = std::move(info);
  options.use_delta = ns.delta_publish;
  return options;
}

channel::Action action_of(const protocol::PublishRequest& request) {
  if (request.type != kMap) return channel::Action::publish;
  return request.removed ? channel::Action::map_remove : channel::Action::map_publish;
}

void reply(Call& call, const Result<broker::PublishResult>& result) {
  if (!result) return call.fail(result.error(), "publishing failed");
  protocol::PublishResult published;
  protocol::Reply out;
  out.publish = &published;
  call.reply(out);
}

}  // namespace

void publish(Client& client, const protocol::Command& command, Call call) {
  const protocol::PublishRequest& request = *command.publish;
  if (request.channel.empty())
    return call.refuse(protocol::disconnects::bad_request, "publish takes a channel");
  const channel::Action action = action_of(request);
  channel::Request asked{action, request.channel};
  if (action == channel::Action::publish) asked.data = request.data.bytes;
  const channel::Decision decision = decide(client, asked);
  if (!decision.allowed()) return call.refuse(refusal_of(decision, asked));
  if (action != channel::Action::publish) {
    return call.refuse(protocol::errors::not_available, "the channel has no keys");
  }
  if (!broker::Limits::allow(client.node().limits(request.channel).not_in_published, request.channel)) {
    return call.refuse(protocol::errors::bad_request, "the broker has no channels with such names");
  }
  const Subscriptions::Entry* entry = client.subscriptions().find(request.channel);
  auto info = entry && entry->info ? entry->info : client.info();
  client.node().publish(
      std::string(request.channel), SharedBytes::copy(request.data.bytes),
      options_of(*decision.ns, std::move(info)),
      [call = std::move(call)](Result<broker::PublishResult> result) mutable { reply(call, result); });
}

}  // namespace whirl::session
