#include <vector>

#include "api/methods/list.h"

namespace whirl::api {

void channels(Call<ChannelsResult> call, const ChannelsRequest& request) {
  hub::Node& node = call.context().node;
  node.channels(std::string(request.pattern),
                [call = std::move(call)](Result<std::map<std::string, std::uint32_t>> done) mutable {
                  if (!done) return call.fail(done.error());
                  std::vector<codec::Entry<ChannelInfo>> entries;
                  for (const auto& [channel, clients] : *done)
                    entries.push_back({channel, {.num_clients = clients}});
                  call.reply({.channels = entries});
                });
}

}  // namespace whirl::api
