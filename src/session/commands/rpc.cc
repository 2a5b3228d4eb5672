#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/list.h"

namespace whirl::session {

void rpc(Client& client, const protocol::Command& command, Call call) {
  const config::RPCPing& ping = client.settings().rpc.ping;
  if (!ping.enabled) return call.refuse(protocol::errors::not_available, "no RPC proxy is configured");
  if (command.rpc->method != ping.method) return call.refuse(protocol::errors::method_not_found);
  protocol::RPCResult result;
  protocol::Reply reply;
  reply.rpc = &result;
  call.reply(reply);
}

}  // namespace whirl::session
