#include <utility>

#include "base/log.h"
#include "protocol/errors.h"
#include "session/commands/connecting.h"
#include "session/commands/decide.h"

namespace whirl::session {

using channel::Source;

/// The channels of the token, which speaks for the backend: no permission is asked for.
Answer<void> Connecting::add_token_channels(Client& client) {
  for (auto& sub : token_subs_) {
    const channel::Namespace* ns = client.settings().rules->find(sub.channel);
    if (!ns)
      return session::refuse(protocol::errors::unknown_channel, "a channel of the token has no namespace");
    channel::SubscribeOptions options =
        channel::subscribe_options(*ns, Source::connection_token, sub.override);
    options.info = std::move(sub.info);
    options.data = std::move(sub.data);
    channels_.insert_or_assign(std::move(sub.channel), std::move(options));
  }
  return {};
}

Answer<void> Connecting::add_personal_channel(Client& client) {
  if (!client.settings().client.subscribe_to_user_personal_channel.enabled || identity_.user.empty())
    return {};
  const channel::Rules& rules = *client.settings().rules;
  std::string channel = rules.personal_channel(identity_.user);
  const channel::Namespace* ns = rules.find(channel);
  if (!ns)
    return session::refuse(protocol::errors::unknown_channel, "personal_channel_namespace is not configured");
  channels_.insert_or_assign(std::move(channel), channel::subscribe_options(*ns, Source::user_personal));
  return {};
}

/// Whether the client might subscribe to the channel itself, without a token and without a proxy.
bool Connecting::may_subscribe(const channel::Rules& rules, const channel::Decision& decision) const {
  // A name like "ns:x#" is every anonymous client's, but not here.
  if (decision.way == channel::Way::by_user_limit) return !identity_.user.empty() || rules.insecure();
  return decision.allowed();
}

Answer<void> Connecting::add_requested_channels(Client& client) {
  if (!adds_requested_) return {};
  const channel::Rules& rules = *client.settings().rules;
  for (const auto& [channel, wish] : wishes_) {
    const channel::Request asked{channel::Action::subscribe, channel};
    const auto decision = channel::decide(rules, {.user = identity_.user}, asked);
    if (decision.refusal == channel::Refusal::unknown_channel) {
      return session::refuse(protocol::disconnects::bad_request, "a requested channel has no namespace");
    }
    if (may_subscribe(rules, decision)) {
      channels_.try_emplace(channel, channel::subscribe_options(*decision.ns, Source::uni_connect));
    } else {
      log::debug("a channel of a connect request is left out", {{"channel", channel},
                                                                {"why", channel::explain(decision, asked)},
                                                                {"client", client.id_text()},
                                                                {"user", identity_.user}});
    }
  }
  return {};
}

}  // namespace whirl::session
