#include "api/methods/list.h"
#include "protocol/errors.h"

namespace whirl::api {

/// Without a channel nothing is unsubscribed, but the connections are told so: the push names no channel.
void unsubscribe(Call<UnsubscribeResult> call, const UnsubscribeRequest& request) {
  if (!request.channel.empty() && !call.find_namespace(request.channel)) return;
  hub::UserTarget target{.user = std::string(request.user),
                         .client = std::string(request.client),
                         .session = std::string(request.session)};
  const protocol::Unsubscribe& server = protocol::unsubscribes::server;
  hub::Node& node = call.context().node;
  node.unsubscribe_user(std::move(target), std::string(request.channel),
                        {server.code, std::string(server.reason)},
                        [call = std::move(call)](Result<> done) mutable { call.reply_or_fail(done); });
}

}  // namespace whirl::api
