#pragma once
#include <string_view>

#include "auth/tokens.h"
#include "base/function.h"
#include "session/refusal.h"

namespace whirl::session {

class Client;

/// What a token is shown for. Clients see a bad token differently each time.
enum class TokenUse { connect, refresh, subscribe, sub_refresh };

/// Checks tokens by the configuration as it is now. The callback comes only while the client is open, maybe
/// before the call returns. Whose token it is, is left to the caller.
void verify_connection_token(Client& client, TokenUse use, std::string_view token,
                             UniqueFunction<void(Client&, Answer<auth::ConnectToken>)> done);
void verify_subscription_token(Client& client, TokenUse use, std::string_view token,
                               UniqueFunction<void(Client&, Answer<auth::SubscribeToken>)> done);

/// A subscription token is good for one channel, one user and maybe one connection; another one ends the
/// connection. The channel's namespace must be known.
Answer<void> check_bearer(Client& client, std::string_view channel, const auth::SubscribeToken& token);

/// The refusal of a token that was not accepted, as it shows for that use.
Refusal refusal_of(TokenUse use, const auth::TokenError& error);

}  // namespace whirl::session
