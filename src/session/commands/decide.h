#pragma once
#include "channel/permissions.h"
#include "session/refusal.h"

namespace whirl::session {

class Client;

/// Whether the client may do that, by the rules as they are now.
channel::Decision decide(Client& client, const channel::Request& request, bool has_token = false);

/// The error for a decision that does not allow it, with its explanation. What only a proxy may decide is not
/// available without one.
Refusal refusal_of(const channel::Decision& decision, const channel::Request& request);

}  // namespace whirl::session
