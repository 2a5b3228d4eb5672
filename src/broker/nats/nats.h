#pragma once
#include <functional>
#include <memory>

#include "broker/broker.h"
#include "broker/nats/subjects.h"
#include "driver/nats/connection.h"

namespace whirl::net {
class Loop;
}

/// Publications through NATS: to every node, at most once. No history, so no positions and no recovery.
namespace whirl::broker {

struct NatsOptions {
  NatsSubjects subjects;
  bool allows_wildcards = false;
  bool raw = false;  ///< payloads as they are, without joins and leaves
};

/// Messages which this node was too slow to take.
using OnDropped = std::function<void(std::uint64_t count)>;

Limits nats_limits(const NatsOptions& options);

std::unique_ptr<Broker> make_nats_broker(net::Loop& loop,
                                         std::shared_ptr<driver::nats::Connection> connection,
                                         std::shared_ptr<const NatsOptions> options, OnDropped on_dropped);
std::unique_ptr<Controller> make_nats_controller(net::Loop& loop,
                                                 std::shared_ptr<driver::nats::Connection> connection,
                                                 const NatsOptions& options, std::string_view node_uid,
                                                 OnDropped on_dropped);

}  // namespace whirl::broker
