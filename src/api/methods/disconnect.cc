#include "api/methods/list.h"
#include "protocol/errors.h"

namespace whirl::api {

void disconnect(Call<DisconnectResult> call, const DisconnectRequest& request) {
  const protocol::Disconnect& forced = protocol::disconnects::force_disconnect;
  hub::Disconnect disconnect{forced.code, std::string(forced.reason)};
  if (request.disconnect) disconnect = {request.disconnect->code, std::string(request.disconnect->reason)};
  hub::UserTarget target{.user = std::string(request.user),
                         .client = std::string(request.client),
                         .session = std::string(request.session)};
  for (std::string_view client : request.whitelist) target.client_whitelist.emplace_back(client);
  hub::Node& node = call.context().node;
  node.disconnect_user(std::move(target), std::move(disconnect),
                       [call = std::move(call)](Result<> done) mutable { call.reply_or_fail(done); });
}

}  // namespace whirl::api
