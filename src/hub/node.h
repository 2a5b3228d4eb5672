#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/broker.h"
#include "hub/local_hub.h"

namespace whirl::metrics {
struct LoopMetrics;
}
namespace whirl::net {
class Loop;
class Runtime;
}  // namespace whirl::net

namespace whirl::hub {

/// What a node counted in an interval, under the names that Centrifugo flattens its metrics to.
struct NodeMetrics {
  double interval_seconds = 0;
  std::vector<std::pair<std::string, double>> values{};
};

/// One process of a cluster, as `info` reports it.
struct NodeInfo {
  std::string uid{};
  std::string name{};
  std::string version{};
  std::uint32_t num_clients = 0;
  std::uint32_t num_users = 0;
  std::uint32_t num_subs = 0;
  std::uint32_t num_channels = 0;
  std::uint32_t uptime_seconds = 0;
  std::shared_ptr<const NodeMetrics> metrics{};  ///< of its last interval; null if it told of none
};

/// Which connections of a user a request is for; empty fields do not restrict.
struct UserTarget {
  std::string user{};
  std::string client{};  ///< only this connection
  std::string session{};
  std::vector<std::string> client_whitelist{};  ///< all but these
};

/// A node's answer to a survey; code 0 is success.
struct SurveyReply {
  std::string node{};
  std::uint32_t code = 0;
  std::string data{};
};
/// Answers a survey, at once or later, on the first loop; `node` is filled in by the caller. An error is told
/// as code 1.
using SurveyHandler = std::function<void(std::string_view data, broker::Done<SurveyReply> done)>;

/// Makes the engine's parts for each loop.
struct EngineFactory {
  std::function<std::unique_ptr<broker::Broker>(net::Loop&)> broker;
  std::function<std::unique_ptr<broker::PresenceStore>(net::Loop&)> presence;
  /// `node_uid` names this node to the others.
  std::function<std::unique_ptr<broker::Controller>(net::Loop&, std::string_view node_uid)> controller;
  /// What the broker of a channel cannot do; may be called on any loop. Null: every broker can do everything.
  std::function<broker::Limits(std::string_view channel)> limits{};
};

/// The channels and connections of this process, over all loops. Calls may be made on any loop; callbacks run
/// on the loop that called (maybe before the call returns when it owns the channel). Made before the loops
/// run, destroyed after they ended.
class Node {
 public:
  struct Options {
    std::string name{};
    std::string version{};
    /// client.channel_position_max_time_lag: a positioned subscriber that gets a publication later than this
    /// after it was published has insufficient state; 0 = no check.
    std::int64_t max_time_lag_ms = 0;
    /// The metrics of each loop, which outlive the node. It keeps its gauges in them up to date.
    std::function<metrics::LoopMetrics&(int loop)> metrics{};
  };
  static std::unique_ptr<Node> create(net::Runtime& runtime, EngineFactory engine, Options options);
  virtual ~Node() = default;

  virtual const std::string& uid() const = 0;
  /// The hub of the calling loop.
  virtual LocalHub& local() = 0;
  /// Calls beyond these limits fail.
  virtual broker::Limits limits(std::string_view channel) const = 0;
  /// Which loop owns a channel. What one loop publishes to channels of one owner reaches the broker in that
  /// order.
  virtual int owner_of(std::string_view channel) const = 0;

  virtual void publish(std::string channel, SharedBytes data, broker::PublishOptions options,
                       broker::Done<broker::PublishResult> done) = 0;
  /// Subscribers on the calling loop have the join by the time of the callback, if the broker hands it over
  /// at once.
  virtual void publish_join(std::string channel, broker::ClientInfoPtr info, broker::Done<> done) = 0;
  virtual void publish_leave(std::string channel, broker::ClientInfoPtr info) = 0;
  /// As the broker answers it: a reverse query since offset 0 and an epoch that is not top.epoch are the
  /// caller's to refuse (errors 107 and 112).
  virtual void history(std::string channel, broker::HistoryQuery query,
                       broker::Done<broker::HistoryResult> done) = 0;
  virtual void remove_history(std::string channel, broker::Done<> done) = 0;
  virtual void presence(std::string channel, broker::Done<broker::PresenceMap> done) = 0;
  virtual void presence_stats(std::string channel, broker::Done<broker::PresenceStats> done) = 0;
  /// Keeps a presence entry alive (sessions call it each presence interval).
  virtual void touch_presence(std::string channel, broker::ClientInfoPtr info) = 0;
  /// The stream's top, for periodic position checks.
  virtual void stream_top(std::string channel, std::int64_t meta_ttl_ms,
                          broker::Done<broker::StreamPosition> done) = 0;

  // All nodes of the cluster, this one included.

  virtual void info(broker::Done<std::vector<NodeInfo>> done) = 0;
  /// Channels with at least one subscriber that match the glob pattern (empty = all), with their numbers of
  /// subscribers. A malformed pattern is an error.
  virtual void channels(std::string pattern, broker::Done<std::map<std::string, std::uint32_t>> done) = 0;

  virtual void disconnect_user(UserTarget target, Disconnect disconnect, broker::Done<> done) = 0;
  virtual void unsubscribe_user(UserTarget target, std::string channel, Unsubscribe unsubscribe,
                                broker::Done<> done) = 0;
  virtual void subscribe_user(UserTarget target, std::string channel, SubscribeOverrides options,
                              broker::Done<> done) = 0;
  virtual void refresh_user(UserTarget target, Refresh refresh, broker::Done<> done) = 0;

  /// Before the loops run: what this node answers to surveys of the kind `op`.
  virtual void on_survey(std::string op, SurveyHandler handler) = 0;
  /// Asks one node (fails if it is not known), or all if the uid is empty. Nodes which don't answer within 10
  /// seconds are missing in the answers.
  virtual void survey(std::string op, std::string data, std::string node_uid,
                      broker::Done<std::vector<SurveyReply>> done) = 0;
  /// What `info` on all nodes tells of this node from now on.
  virtual void tell_metrics(NodeMetrics metrics) = 0;
  /// Tells the other nodes that this one goes; call it when the process begins to end.
  virtual void leave() = 0;

  // This process only.

  /// Connections of a user in this process (for client.user_connection_limit).
  virtual void count_user_connections(std::string user, broker::Done<std::size_t> done) = 0;
  /// Connections in this process; exact to within the ones being accepted right now. Any thread.
  virtual std::size_t num_clients() const = 0;
};

}  // namespace whirl::hub
