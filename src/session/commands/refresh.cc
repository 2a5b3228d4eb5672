#include <algorithm>
#include <utility>

#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/list.h"
#include "session/limits.h"
#include "session/tokens.h"

namespace whirl::session {
namespace {

/// Whether the channels that connection tokens ask for are others in this token than in the one before.
bool channels_changed(Client& client, const auth::ConnectToken& token) {
  for (const auto& sub : token.subs) {
    if (!client.subscriptions().find(sub.channel)) return true;
  }
  for (const auto& [name, entry] : client.subscriptions().entries()) {
    if (!entry.subscription || entry.source != channel::Source::connection_token) continue;
    if (std::ranges::count(token.subs, name, &auth::TokenSubscription::channel) == 0) return true;
  }
  return false;
}

void on_token(Client& client, Call& call, Answer<auth::ConnectToken> token) {
  if (!token) return call.refuse(token.error());
  for (const auto& sub : token->subs) {
    if (!client.settings().rules->find(sub.channel)) {
      return call.refuse(protocol::errors::unknown_channel, "a channel of the token has no namespace");
    }
  }
  if (token->user != client.user()) {
    return call.refuse(protocol::disconnects::invalid_token, "the token is for another user");
  }
  if (channels_changed(client, *token)) {
    return call.refuse(protocol::disconnects::insufficient_state, "the token asks for other channels");
  }
  const std::int64_t now_s = client.unix_seconds();
  const std::int64_t expire_at = std::min(token->expire_at, now_s + kMaxTtlSeconds);
  if (expire_at > 0 && expire_at <= now_s) return call.refuse(protocol::errors::expired);
  client.refresh(expire_at, token->info);
  protocol::RefreshResult result;
  result.expires = expire_at > 0;
  result.ttl = expire_at > 0 ? static_cast<std::uint32_t>(expire_at - now_s) : 0;
  protocol::Reply out;
  out.refresh = &result;
  call.reply(out);
}

}  // namespace

void refresh(Client& client, const protocol::Command& command, Call call) {
  const std::string_view token = command.refresh->token;
  if (token.empty()) return call.refuse(protocol::disconnects::bad_request, "refresh takes a token");
  verify_connection_token(client, TokenUse::refresh, token,
                          [call = std::move(call)](Client& asker, Answer<auth::ConnectToken> answer) mutable {
                            on_token(asker, call, std::move(answer));
                          });
}

}  // namespace whirl::session
