#include "hub/mesh.h"

#include "hub/channel_owner.h"
#include "hub/counters.h"
#include "hub/loop_hub.h"

namespace whirl::hub {

Mesh::Mesh(net::Runtime& runtime) : runtime_(runtime) {}
Mesh::~Mesh() = default;

void Mesh::add(std::unique_ptr<Counters> counters, std::unique_ptr<LoopHub> hub,
               std::unique_ptr<ChannelOwner> owner) {
  counters_.push_back(std::move(counters));
  hubs_.push_back(std::move(hub));
  owners_.push_back(std::move(owner));
}

}  // namespace whirl::hub
