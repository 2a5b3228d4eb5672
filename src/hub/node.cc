#include "hub/node.h"

#include "base/clock.h"
#include "base/glob.h"
#include "base/ids.h"
#include "base/log.h"
#include "hub/channel_owner.h"
#include "hub/counters.h"
#include "hub/loop_hub.h"
#include "hub/mesh.h"

namespace whirl::hub {
namespace {

using broker::Done;

bool is_for(const UserTarget& target, const Subscriber& subscriber) {
  if (!target.session.empty() && target.session != subscriber.session_id()) return false;
  if (target.client.empty() && target.client_whitelist.empty()) return true;
  std::string client = subscriber.client_id().text();
  if (!target.client.empty() && target.client != client) return false;
  return std::ranges::find(target.client_whitelist, client) == target.client_whitelist.end();
}

class NodeOfLoops final : public Node {
 public:
  NodeOfLoops(net::Runtime& runtime, const EngineFactory& engine, Options options)
      : options_(std::move(options)), mesh_(runtime) {
    for (int i = 0; i < runtime.size(); ++i) {
      net::Loop& loop = runtime.loop(i);
      auto counters = std::make_unique<Counters>(options_.metrics(i));
      auto hub = std::make_unique<LoopHub>(mesh_, loop, *counters, options_.max_time_lag_ms);
      auto owner =
          std::make_unique<ChannelOwner>(mesh_, i, *counters, engine.broker(loop), engine.presence(loop));
      keep_gauges(options_.metrics(i), *hub, *owner);
      mesh_.add(std::move(counters), std::move(hub), std::move(owner));
    }
    auto& first = options_.metrics(0).node;
    first.num_nodes->set(1);
    first.build.with(options_.version).set(1);
  }

  const std::string& uid() const override { return uid_; }
  LocalHub& local() override { return mesh_.hub(Mesh::here()); }

  void publish(std::string channel, SharedBytes data, broker::PublishOptions options,
               Done<broker::PublishResult> done) override {
    at_owner<broker::PublishResult>(std::move(channel), std::move(done),
                                    [data = std::move(data), options = std::move(options)](
                                        ChannelOwner& owner, const std::string& name, auto answer) mutable {
                                      owner.broker().publish(name, std::move(data), std::move(options),
                                                             std::move(answer));
                                    });
  }

  void publish_join(std::string channel, broker::ClientInfoPtr info) override {
    at_owner<void>(
        std::move(channel), logged("publishing a join failed"),
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
    auto ask = [this](int i) {
      NodeInfo part;
      part.num_clients = static_cast<std::uint32_t>(mesh_.hub(i).clients());
      part.num_subs = static_cast<std::uint32_t>(mesh_.hub(i).subscriptions());
      part.num_users = static_cast<std::uint32_t>(mesh_.owner(i).users());
      part.num_channels = static_cast<std::uint32_t>(mesh_.owner(i).channels());
      return part;
    };
    mesh_.gather<NodeInfo>(ask, [this, done = std::move(done)](std::vector<NodeInfo> parts) mutable {
      NodeInfo all;
      all.uid = uid_;
      all.name = options_.name;
      all.version = options_.version;
      all.uptime_seconds = static_cast<std::uint32_t>((monotonic_ms() - started_ms_) / 1000);
      for (const NodeInfo& part : parts) {
        all.num_clients += part.num_clients;
        all.num_subs += part.num_subs;
        all.num_users += part.num_users;
        all.num_channels += part.num_channels;
      }
      done(std::vector<NodeInfo>{std::move(all)});
    });
  }

  void channels(std::string pattern, Done<std::map<std::string, std::uint32_t>> done) override {
    std::shared_ptr<const Glob> glob;
    if (!pattern.empty()) {
      auto compiled = Glob::compile(pattern);
      if (!compiled) return done(tl::unexpected(std::move(compiled.error())));
      glob = std::make_shared<const Glob>(std::move(*compiled));
    }
    using Counts = std::map<std::string, std::uint32_t>;
    mesh_.gather<Counts>([this, glob](int i) { return mesh_.owner(i).matching(glob.get()); },
                         [done = std::move(done)](std::vector<Counts> parts) mutable {
                           Counts all;
                           for (Counts& part : parts) all.merge(part);
                           done(std::move(all));
                         });
  }

  void disconnect_user(UserTarget target, Disconnect disconnect, Done<> done) override {
    for_user(std::move(target), std::move(done),
             [disconnect = std::move(disconnect)](Subscriber& subscriber) {
               subscriber.on_disconnect(disconnect);
             });
  }

  void unsubscribe_user(UserTarget target, std::string channel, Unsubscribe unsubscribe,
                        Done<> done) override {
    for_user(std::move(target), std::move(done),
             [channel = std::move(channel), unsubscribe = std::move(unsubscribe)](Subscriber& subscriber) {
               subscriber.on_unsubscribe(channel, unsubscribe);
             });
  }

  void subscribe_user(UserTarget target, std::string channel, SubscribeOverrides options,
                      Done<> done) override {
    for_user(std::move(target), std::move(done),
             [channel = std::move(channel), options = std::move(options)](Subscriber& subscriber) {
               subscriber.on_subscribe(channel, options);
             });
  }

  void refresh_user(UserTarget target, Refresh refresh, Done<> done) override {
    for_user(std::move(target), std::move(done),
             [refresh = std::move(refresh)](Subscriber& subscriber) { subscriber.on_refresh(refresh); });
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

  /// Calls the function for each connection that is meant, on its loop.
  template <class Function>
  void for_user(UserTarget target, Done<> done, Function function) {
    auto ask = [this, target = std::move(target), function = std::move(function)](int i) {
      mesh_.hub(i).users().for_each(target.user, [&](Subscriber& subscriber) {
        if (is_for(target, subscriber)) function(subscriber);
      });
      return true;
    };
    mesh_.gather<char>(std::move(ask), [done = std::move(done)](const auto&) mutable { done({}); });
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
  const std::int64_t started_ms_ = monotonic_ms();
  Mesh mesh_;
};

}  // namespace

std::unique_ptr<Node> Node::create(net::Runtime& runtime, EngineFactory engine, Options options) {
  return std::make_unique<NodeOfLoops>(runtime, engine, std::move(options));
}

}  // namespace whirl::hub
