#include <algorithm>
#include <utility>

#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/list.h"
#include "session/limits.h"
#include "session/tokens.h"

namespace whirl::session {
namespace {

void reply(Call& call, std::uint32_t ttl) {
  protocol::SubRefreshResult result;
  result.expires = ttl > 0;
  result.ttl = ttl;
  protocol::Reply out;
  out.sub_refresh = &result;
  call.reply(out);
}

void on_token(Client& client, Call& call, const std::string& channel, std::uint32_t generation,
              Answer<auth::SubscribeToken> token) {
  // An expired token is answered as if it renewed something; the subscription keeps the end that it has.
  if (!token && token.error().code == protocol::errors::token_expired.code) return reply(call, 0);
  if (!token) return call.refuse(token.error());
  if (auto good = check_bearer(client, channel, *token); !good) return call.refuse(good.error());
  const std::int64_t now_s = client.unix_seconds();
  const std::int64_t expire_at = std::min(token->expire_at, now_s + kMaxTtlSeconds);
  if (expire_at > 0 && expire_at < now_s) return call.refuse(protocol::errors::expired);
  Subscriptions::Entry* entry = client.subscriptions().find(channel);
  if (entry && entry->generation == generation)
    client.subscriptions().refresh(*entry, expire_at, token->info);
  reply(call, expire_at > 0 ? static_cast<std::uint32_t>(expire_at - now_s) : 0);
}

}  // namespace

void sub_refresh(Client& client, const protocol::Command& command, Call call) {
  const protocol::SubRefreshRequest& request = *command.sub_refresh;
  if (request.channel.empty())
    return call.refuse(protocol::disconnects::bad_request, "sub_refresh takes a channel");
  const Subscriptions::Entry* entry = client.subscriptions().find(request.channel);
  if (!entry)
    return call.refuse(protocol::errors::permission_denied, "the client is not subscribed to the channel");
  if (!entry->client_refreshes) {
    return call.refuse(protocol::disconnects::bad_request, "the subscription is not the client's to refresh");
  }
  if (request.token.empty()) return call.refuse(protocol::errors::bad_request, "sub_refresh takes a token");
  verify_subscription_token(
      client, TokenUse::sub_refresh, request.token,
      [call = std::move(call), channel = std::string(request.channel), generation = entry->generation](
          Client& asker, Answer<auth::SubscribeToken> token) mutable {
        on_token(asker, call, channel, generation, std::move(token));
      });
}

}  // namespace whirl::session
