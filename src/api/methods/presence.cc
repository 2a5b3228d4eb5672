#include <vector>

#include "api/client_info.h"
#include "api/methods/list.h"

namespace whirl::api {

void presence(Call<PresenceResult> call, const PresenceRequest& request) {
  const channel::Namespace* ns = call.find_namespace(request.channel);
  if (!ns) return;
  if (!ns->presence) return call.refuse(errors::not_available, "the channel has no presence");
  hub::Node& node = call.context().node;
  node.presence(std::string(request.channel),
                [call = std::move(call)](Result<broker::PresenceMap> done) mutable {
                  if (!done) return call.fail(done.error());
                  std::vector<codec::Entry<ClientInfo>> entries;
                  for (const auto& [client, info] : *done) entries.push_back({client, client_info(*info)});
                  call.reply({.presence = entries});
                });
}

}  // namespace whirl::api
