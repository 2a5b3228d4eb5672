#include "session/tokens.h"

#include <utility>

#include "base/log.h"
#include "protocol/errors.h"
#include "session/client.h"

namespace whirl::session {
namespace {

Refusal expired(TokenUse use, std::string why) {
  if (use == TokenUse::refresh) return Refusal::disconnect(protocol::disconnects::expired, std::move(why));
  return Refusal::error(protocol::errors::token_expired, std::move(why));
}

Refusal invalid(TokenUse use, std::string why) {
  if (use == TokenUse::subscribe) return Refusal::error(protocol::errors::permission_denied, std::move(why));
  return Refusal::disconnect(protocol::disconnects::invalid_token, std::move(why));
}

template <class Token>
auto answering(Client& client, TokenUse use, UniqueFunction<void(Client&, Answer<Token>)> done) {
  return [client = client.weak(), use,
          done = std::move(done)](tl::expected<Token, auth::TokenError> verdict) mutable {
    auto alive = client.lock();
    if (!alive || alive->closed()) return;
    if (verdict) return done(*alive, std::move(*verdict));
    done(*alive, tl::unexpected(refusal_of(use, verdict.error())));
  };
}

}  // namespace

Refusal refusal_of(TokenUse use, const auth::TokenError& error) {
  switch (error.failure) {
    case auth::Failure::expired:
      return expired(use, error.reason);
    case auth::Failure::invalid:
      return invalid(use, error.reason);
    case auth::Failure::unavailable:
      // Centrifugo does not tell it from a bad token either.
      log::error("a token can't be checked", {{"error", error.reason}});
      return invalid(use, error.reason);
    case auth::Failure::internal:
      break;
  }
  log::error("a token can't be checked", {{"error", error.reason}});
  return Refusal::error(protocol::errors::internal, error.reason);
}

Answer<void> check_bearer(Client& client, std::string_view channel, const auth::SubscribeToken& token) {
  if (!client.settings().rules->find(token.channel))
    return refuse(protocol::errors::unknown_channel, "the token's channel has no namespace");
  if (token.channel != channel)
    return refuse(protocol::disconnects::invalid_token, "the token is for another channel");
  if (token.user != client.user())
    return refuse(protocol::disconnects::invalid_token, "the token is for another user");
  if (!token.client.empty() && token.client != client.id_text()) {
    return refuse(protocol::disconnects::invalid_token, "the token is for another connection");
  }
  return {};
}

void verify_connection_token(Client& client, TokenUse use, std::string_view token,
                             UniqueFunction<void(Client&, Answer<auth::ConnectToken>)> done) {
  client.context().connection_verifier->verify_connect(token, answering(client, use, std::move(done)));
}

void verify_subscription_token(Client& client, TokenUse use, std::string_view token,
                               UniqueFunction<void(Client&, Answer<auth::SubscribeToken>)> done) {
  client.context().verifier_of_subscriptions().verify_subscribe(token,
                                                                answering(client, use, std::move(done)));
}

}  // namespace whirl::session
