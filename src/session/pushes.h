#pragma once
#include <cstdint>
#include <string_view>

#include "protocol/messages.h"
#include "session/frame_type.h"
#include "session/subscribed.h"

namespace whirl::session {

class Client;

/// What the server tells a client unasked. Each is encoded for this one client and queued at once.
void push_ping(Client& client);
void push_subscribe(Client& client, std::string_view channel, const Subscribed& subscribed);
void push_unsubscribe(Client& client, std::string_view channel, const protocol::Unsubscribe& unsubscribe);
/// `ttl` in seconds; 0: the connection does not expire.
void push_refresh(Client& client, std::uint32_t ttl);
void push_disconnect(Client& client, const protocol::Disconnect& disconnect);

}  // namespace whirl::session
