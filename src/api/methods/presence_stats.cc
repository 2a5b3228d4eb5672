#include "api/methods/list.h"

namespace whirl::api {

void presence_stats(Call<PresenceStatsResult> call, const PresenceStatsRequest& request) {
  const channel::Namespace* ns = call.find_namespace(request.channel);
  if (!ns) return;
  if (!ns->presence) return call.refuse(errors::not_available, "the channel has no presence");
  hub::Node& node = call.context().node;
  node.presence_stats(std::string(request.channel),
                      [call = std::move(call)](Result<broker::PresenceStats> done) mutable {
                        if (!done) return call.fail(done.error());
                        call.reply({.num_clients = done->clients, .num_users = done->users});
                      });
}

}  // namespace whirl::api
