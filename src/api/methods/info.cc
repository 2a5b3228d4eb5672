#include <deque>
#include <vector>

#include "api/methods/list.h"

namespace whirl::api {
namespace {

/// Metrics of a node as a message, which points into this and into the node's.
struct NodeMetrics {
  explicit NodeMetrics(const hub::NodeMetrics& metrics) {
    for (const auto& [name, value] : metrics.values) items.push_back({name, value});
    message = {metrics.interval_seconds, items};
  }
  NodeMetrics(const NodeMetrics&) = delete;

  std::vector<codec::Entry<double>> items;
  Metrics message;
};

}  // namespace

void info(Call<InfoResult> call, const InfoRequest&) {
  hub::Node& node = call.context().node;
  node.info([call = std::move(call)](Result<std::vector<hub::NodeInfo>> done) mutable {
    if (!done) return call.fail(done.error());
    std::vector<NodeResult> nodes;
    std::deque<NodeMetrics> metrics;
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
      if (from.metrics) to.metrics = &metrics.emplace_back(*from.metrics).message;
    }
    call.reply({.nodes = nodes});
  });
}

}  // namespace whirl::api
