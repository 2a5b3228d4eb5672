#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "broker/broker.h"

/// Several engines in one process: each channel belongs to one of them.
namespace whirl::broker {

/// The index of the one that a channel belongs to; always the same for a channel. Called on any loop.
using Choice = std::function<std::size_t(std::string_view channel)>;

std::unique_ptr<Broker> make_broker_by_channel(std::vector<std::unique_ptr<Broker>> brokers, Choice choice);
std::unique_ptr<PresenceStore> make_presence_by_channel(std::vector<std::unique_ptr<PresenceStore>> stores,
                                                        Choice choice);

}  // namespace whirl::broker
