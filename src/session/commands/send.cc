#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/list.h"

namespace whirl::session {

/// Messages without an answer have no receiver in the server; the client learns of it by the end of its
/// connection.
void send(Client&, const protocol::Command&, Call call) {
  call.refuse(protocol::disconnects::not_available, "nothing handles messages of clients");
}

}  // namespace whirl::session
