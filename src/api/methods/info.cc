#include <vector>

#include "api/methods/list.h"

namespace whirl::api {

void info(Call<InfoResult> call, const InfoRequest&) {
  hub::Node& node = call.context().node;
  node.info([call = std::move(call)](Result<std::vector<hub::NodeInfo>> done) mutable {
    if (!done) return call.fail(done.error());
    std::vector<NodeResult> nodes;
    for (const hub::NodeInfo& from : *done) {
      NodeResult& to = nodes.emplace_back();
      to.uid = from.uid;
      to.name = from.name;
      to.version = from.version;
      to.num_clients = from.num_clients;
      to.num_users = from.num_users;
      to.num_subs = from.num_subs;
      to.num_channels = from.num_channels;
      to.uptime = from.uptime_seconds;
    }
    call.reply({.nodes = nodes});
  });
}

}  // namespace whirl::api
