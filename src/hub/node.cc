#include "hub/node.h"

#include <chrono>

#include "base/clock.h"
#include "base/glob.h"
#include "base/ids.h"
#include "base/log.h"
#include "codec/arena.h"
#include "codec/protobuf.h"
#include "hub/channel_owner.h"
#include "hub/cluster.h"
#include "hub/control_messages.h"
#include "hub/counters.h"
#include "hub/loop_hub.h"
#include "hub/mesh.h"
#include "hub/user_command.h"

namespace whirl::hub {
namespace {

using broker::Done;
using ChannelCounts = std::map<std::string, std::uint32_t>;

constexpr std::string_view kChannelsOp = "channels";

std::string encode_channels(const std::vector<ChannelCounts>& parts) {
  std::vector<codec::Entry<control::ChannelInfo>> entries;
  for (const ChannelCounts& part : parts) {
    for (const auto& [name, count] : part) entries.push_back({name, {count}});
  }
  std::string out;
  codec::encode_protobuf(control::ChannelsResult{.channels = entries}, out);
  return out;
}

/// Fails if any node did.
Result<ChannelCounts> merged_channels(const std::vector<SurveyReply>& replies) {
  ChannelCounts out;
  for (const SurveyReply& reply : replies) {
    if (reply.code != 0)
      return fail("node {} answered the survey of channels with code {}", reply.node, reply.code);
    codec::Arena arena;
    control::ChannelsResult result;
    if (auto decoded = codec::decode_protobuf(reply.data, result, arena); !decoded) {
      return tl::unexpected(std::move(decoded.error()));
    }
    for (const auto& [name, info] : result.channels) out[std::string(name)] += info.num_clients;
  }
  return out;
}

constexpr int kClusterLoop = 0;

/// The node over the parts of all loops. The cluster's part lives on the first one.
class NodeOfLoops final : public Node, public Cluster::Host {
 public:
  NodeOfLoops(net::Runtime& runtime, const EngineFactory& engine, Options options)
      : options_(std::move(options)), limits_(engine.limits), mesh_(runtime) {
    for (int i = 0; i < runtime.size(); ++i) {
      net::Loop& loop = runtime.loop(i);
      auto counters = std::make_unique<Counters>(options_.metrics(i));
      auto hub = std::make_unique<LoopHub>(mesh_, loop, *counters, options_.max_time_lag_ms);
      auto owner =
          std::make_unique<ChannelOwner>(mesh_, i, *counters, engine.broker(loop), engine.presence(loop));
      keep_gauges(options_.metrics(i), *hub, *owner);
      mesh_.add(std::move(counters), std::move(hub), std::move(owner));
    }
    net::Loop& loop = runtime.loop(kClusterLoop);
    cluster_ = std::make_unique<Cluster>(loop, uid_, *this, engine.controller(loop, uid_));
    auto& first = options_.metrics(kClusterLoop);
    first.node.build.with(options_.version).set(1);
    first.registry.on_collect(
        [this, &first] { first.node.num_nodes->set(static_cast<double>(cluster_->size())); });
    on_survey(std::string(kChannelsOp), [this](std::string_view data, Done<SurveyReply> done) {
      answer_channels(data, std::move(done));
    });
  }

  const std::string& uid() const override { return uid_; }
  LocalHub& local() override { return mesh_.hub(Mesh::here()); }
  broker::Limits limits(std::string_view channel) const override {
    return limits_ ? limits_(channel) : broker::Limits();
  }
  int owner_of(std::string_view channel) const override { return mesh_.owner_of(channel); }

  void publish(std::string channel, SharedBytes data, broker::PublishOptions options,
               Done<broker::PublishResult> done) override {
    at_owner<broker::PublishResult>(
        std::move(channel), std::move(done),
        [data = std::move(data), options = std::move(options)](ChannelOwner& owner, const std::string& name,
                                                               auto answer) mutable {
          Counters& counters = owner.counters();
          counters.sent(PushKind::publication);
          auto counted = [&counters,
                          answer = std::move(answer)](Result<broker::PublishResult> result) mutable {
            if (result && result->suppressed) counters.suppressed(result->suppressed_by_version);
            answer(std::move(result));
          };
          owner.broker().publish(name, std::move(data), std::move(options), std::move(counted));
        });
  }

  void publish_join(std::string channel, broker::ClientInfoPtr info, Done<> done) override {
    at_owner<void>(
        std::move(channel), std::move(done),
        [info = std::move(info)](ChannelOwner& owner, const std::string& name, auto answer) mutable {
          owner.counters().sent(PushKind::join);
          owner.broker().publish_join(name, std::move(info), std::move(answer));
        });
  }

  void publish_leave(std::string channel, broker::ClientInfoPtr info) override {
    at_owner<void>(
        std::move(channel), logged("publishing a leave failed"),
        [info = std::move(info)](ChannelOwner& owner, const std::string& name, auto answer) mutable {
          owner.counters().sent(PushKind::leave);
          owner.broker().publish_leave(name, std::move(info), std::move(answer));
        });
  }

  void history(std::string channel, broker::HistoryQuery query, Done<broker::HistoryResult> done) override {
    at_owner<broker::HistoryResult>(
        std::move(channel), std::move(done),
        [query = std::move(query)](ChannelOwner& owner, const std::string& name, auto answer) mutable {
          owner.counters().count(Action::history);
          owner.broker().history(name, std::move(query), std::move(answer));
        });
  }

  void remove_history(std::string channel, Done<> done) override {
    at_owner<void>(std::move(channel), std::move(done),
                   [](ChannelOwner& owner, const std::string& name, auto answer) {
                     owner.counters().count(Action::history_remove);
                     owner.broker().remove_history(name, std::move(answer));
                   });
  }

  void presence(std::string channel, Done<broker::PresenceMap> done) override {
    at_owner<broker::PresenceMap>(std::move(channel), std::move(done),
                                  [](ChannelOwner& owner, const std::string& name, auto answer) {
                                    owner.counters().count(Action::presence);
                                    owner.presence().presence(name, std::move(answer));
                                  });
  }

  void presence_stats(std::string channel, Done<broker::PresenceStats> done) override {
    at_owner<broker::PresenceStats>(std::move(channel), std::move(done),
                                    [](ChannelOwner& owner, const std::string& name, auto answer) {
                                      owner.counters().count(Action::presence_stats);
                                      owner.presence().stats(name, std::move(answer));
                                    });
  }

  void touch_presence(std::string channel, broker::ClientInfoPtr info) override {
    at_owner<void>(
        std::move(channel), logged("keeping presence alive failed"),
        [info = std::move(info)](ChannelOwner& owner, const std::string& name, auto answer) mutable {
          owner.counters().count(Action::add_presence);
          owner.presence().add(name, std::move(info), std::move(answer));
        });
  }

  void stream_top(std::string channel, std::int64_t meta_ttl_ms, Done<broker::StreamPosition> done) override {
    mesh_.counters(Mesh::here()).count(Action::history_stream_top);
    broker::HistoryQuery query;
    query.meta_ttl_ms = meta_ttl_ms;
    history(std::move(channel), std::move(query),
            [done = std::move(done)](Result<broker::HistoryResult> result) mutable {
              if (!result) return done(tl::unexpected(std::move(result.error())));
              done(std::move(result->top));
            });
  }

  void info(Done<std::vector<NodeInfo>> done) override {
    on_cluster([this, done = mesh_.back_here(std::move(done))]() mutable {
      own_info([this, done = std::move(done)](NodeInfo own) mutable {
        std::vector<NodeInfo> all = cluster_->others();
        all.insert(all.begin(), std::move(own));
        done(std::move(all));
      });
    });
  }

  void tell_metrics(NodeMetrics metrics) override {
    on_cluster([this, metrics = std::make_shared<const NodeMetrics>(std::move(metrics))]() mutable {
      metrics_ = std::move(metrics);
    });
  }

  void channels(std::string pattern, Done<std::map<std::string, std::uint32_t>> done) override {
    control::ChannelsRequest request{pattern};
    std::string data;
    codec::encode_protobuf(request, data);
    survey(std::string(kChannelsOp), std::move(data), "",
           [done = std::move(done)](Result<std::vector<SurveyReply>> replies) mutable {
             if (!replies) return done(tl::unexpected(std::move(replies.error())));
             done(merged_channels(*replies));
           });
  }

  void disconnect_user(UserTarget target, Disconnect disconnect, Done<> done) override {
    run_everywhere({std::move(target), std::move(disconnect)}, std::move(done));
  }

  void unsubscribe_user(UserTarget target, std::string channel, Unsubscribe unsubscribe,
                        Done<> done) override {
    run_everywhere(
        {std::move(target), UserCommand::Unsubscription{std::move(channel), std::move(unsubscribe)}},
        std::move(done));
  }

  void subscribe_user(UserTarget target, std::string channel, SubscribeOverrides options,
                      Done<> done) override {
    run_everywhere({std::move(target), UserCommand::Subscription{std::move(channel), std::move(options)}},
                   std::move(done));
  }

  void refresh_user(UserTarget target, Refresh refresh, Done<> done) override {
    run_everywhere({std::move(target), std::move(refresh)}, std::move(done));
  }

  void on_survey(std::string op, SurveyHandler handler) override {
    cluster_->answer(std::move(op), std::move(handler));
  }

  void survey(std::string op, std::string data, std::string node_uid,
              Done<std::vector<SurveyReply>> done) override {
    on_cluster([this, op = std::move(op), data = std::move(data), node_uid = std::move(node_uid),
                done = mesh_.back_here(std::move(done))]() mutable {
      auto& metrics = options_.metrics(kClusterLoop).node;
      mesh_.counters(kClusterLoop).count(Action::survey);
      cluster_->survey(op, data, node_uid,
                       [&metrics, op, started = std::chrono::steady_clock::now(),
                        done = std::move(done)](Result<std::vector<SurveyReply>> replies) mutable {
                         std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
                         metrics.survey_duration.with(op).observe(took.count());
                         done(std::move(replies));
                       });
    });
  }

  void leave() override {
    on_cluster([this] { cluster_->leave(); });
  }

  void count_user_connections(std::string user, Done<std::size_t> done) override {
    mesh_.gather<std::size_t>(
        [this, user = std::move(user)](int i) { return mesh_.hub(i).user_connections(user); },
        [done = std::move(done)](const std::vector<std::size_t>& parts) mutable {
          std::size_t count = 0;
          for (std::size_t part : parts) count += part;
          done(count);
        });
  }

  std::size_t num_clients() const override {
    std::size_t count = 0;
    for (int i = 0; i < mesh_.size(); ++i) count += mesh_.hub(i).clients();
    return count;
  }

 private:
  /// Runs `call(owner, channel, answer)` on the channel's owner loop; `done` gets the answer on this one.
  template <class T, class Call>
  void at_owner(std::string channel, Done<T> done, Call call) {
    int at = mesh_.owner_of(channel);
    ChannelOwner& owner = mesh_.owner(at);
    if (at == Mesh::here()) return call(owner, channel, std::move(done));
    mesh_.loop(at).post([&owner, channel = std::move(channel), answer = mesh_.back_here(std::move(done)),
                         call = std::move(call)]() mutable { call(owner, channel, std::move(answer)); });
  }

  template <class Function>
  void on_cluster(Function function) {
    mesh_.on(kClusterLoop, std::move(function));
  }

  /// Tells the other nodes, then does it here. Nothing is done if the others can't be told.
  void run_everywhere(UserCommand command, Done<> done) {
    on_cluster([this, command = std::move(command), done = mesh_.back_here(std::move(done))]() mutable {
      std::string message = command.message(uid_);
      cluster_->send(message, "",
                     [this, command = std::move(command), done = std::move(done)](Result<> sent) mutable {
                       if (!sent) return done(std::move(sent));
                       run_here(std::move(command), std::move(done));
                     });
    });
  }

  void run_here(UserCommand command, Done<> done) override {
    auto ask = [this, command = std::make_shared<const UserCommand>(std::move(command))](int i) {
      mesh_.hub(i).users().for_each(command->target.user, [&](Subscriber& subscriber) {
        if (command->is_for(subscriber)) command->run(subscriber);
      });
      return char{};
    };
    mesh_.gather<char>(std::move(ask), [done = std::move(done)](const auto&) mutable { done({}); });
  }

  void own_info(UniqueFunction<void(NodeInfo)> done) override {
    auto ask = [this](int i) {
      NodeInfo part;
      part.num_clients = static_cast<std::uint32_t>(mesh_.hub(i).clients());
      part.num_subs = static_cast<std::uint32_t>(mesh_.hub(i).subscriptions());
      part.num_users = static_cast<std::uint32_t>(mesh_.owner(i).users());
      part.num_channels = static_cast<std::uint32_t>(mesh_.owner(i).channels());
      return part;
    };
    mesh_.gather<NodeInfo>(ask, [this, done = std::move(done)](const std::vector<NodeInfo>& parts) mutable {
      NodeInfo all;
      all.uid = uid_;
      all.name = options_.name;
      all.version = options_.version;
      all.uptime_seconds = static_cast<std::uint32_t>((monotonic_ms() - started_ms_) / 1000);
      all.metrics = metrics_;
      for (const NodeInfo& part : parts) {
        all.num_clients += part.num_clients;
        all.num_subs += part.num_subs;
        all.num_users += part.num_users;
        all.num_channels += part.num_channels;
      }
      done(std::move(all));
    });
  }

  void control_sent() override { mesh_.counters(kClusterLoop).control_sent(); }
  void control_received() override { mesh_.counters(kClusterLoop).control_received(); }

  /// The survey of channels, on this node.
  void answer_channels(std::string_view data, Done<SurveyReply> done) {
    codec::Arena arena(256);
    control::ChannelsRequest request;
    if (auto decoded = codec::decode_protobuf(data, request, arena); !decoded) {
      return done(tl::unexpected(std::move(decoded.error())));
    }
    std::shared_ptr<const Glob> glob;
    if (!request.pattern.empty()) {
      auto compiled = Glob::compile(request.pattern);
      if (!compiled) return done(tl::unexpected(std::move(compiled.error())));
      glob = std::make_shared<const Glob>(std::move(*compiled));
    }
    mesh_.gather<ChannelCounts>([this, glob](int i) { return mesh_.owner(i).matching(glob.get()); },
                                [done = std::move(done)](const std::vector<ChannelCounts>& parts) mutable {
                                  done(SurveyReply{.data = encode_channels(parts)});
                                });
  }

  static void keep_gauges(metrics::LoopMetrics& metrics, const LoopHub& hub, const ChannelOwner& owner) {
    metrics.registry.on_collect([&node = metrics.node, &hub, &owner] {
      node.num_clients->set(static_cast<double>(hub.clients()));
      node.num_subscriptions->set(static_cast<double>(hub.subscriptions()));
      node.num_users->set(static_cast<double>(owner.users()));
      node.num_channels->set(static_cast<double>(owner.channels()));
    });
  }

  static Done<> logged(std::string_view failure) {
    return [failure](Result<> result) {
      if (!result) log::warn(failure, {{"error", result.error().message}});
    };
  }

  const std::string uid_ = Uuid::random().text();
  const Options options_;
  const std::function<broker::Limits(std::string_view channel)> limits_;
  const std::int64_t started_ms_ = monotonic_ms();
  Mesh mesh_;
  std::shared_ptr<const NodeMetrics> metrics_;  // on the cluster's loop
  std::unique_ptr<Cluster> cluster_;
};

}  // namespace

std::unique_ptr<Node> Node::create(net::Runtime& runtime, EngineFactory engine, Options options) {
  return std::make_unique<NodeOfLoops>(runtime, engine, std::move(options));
}

}  // namespace whirl::hub
