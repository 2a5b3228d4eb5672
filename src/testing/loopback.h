#pragma once
#include "net/socket_address.h"

namespace whirl::testing {

net::SocketAddress loopback(int port);

/// A port of the loopback address that nobody listened on just now.
int free_port();

}  // namespace whirl::testing
