#pragma once
#include "broker/types.h"
#include "protocol/messages.h"

namespace whirl::broker {

/// Who a client is, in the client protocol's form: a view that lives as long as the original.
protocol::ClientInfo to_message(const ClientInfo& info);
ClientInfoPtr from_message(const protocol::ClientInfo& message);

}  // namespace whirl::broker
