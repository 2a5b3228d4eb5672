#pragma once
#include <string>

#include "broker/redis/probe.h"
#include "broker/redis/shards.h"
#include "driver/redis/pubsub.h"

namespace whirl::broker::redis {

/// The subscriptions at one shard, watched: probes go through the shard and back, and if one is lost all
/// connections to the shard are made anew. Owned by the broker or controller it listens for, on whose loop it
/// lives.
class Subscriber final : private driver::redis::PubSub::Sink, private driver::redis::Client::Watcher {
 public:
  class Listener {
   public:
    virtual void on_message(Subscriber& from, std::string_view channel, std::string_view payload) = 0;
    /// The subscriptions were lost and are there again; what was published meanwhile did not come.
    virtual void on_restored(Subscriber& subscriber) = 0;

   protected:
    ~Listener() = default;
  };
  struct Purpose {
    std::string name;         ///< for people
    std::string broker;       ///< its name in metrics
    std::string_view metric;  ///< put before the names of errors in metrics
    std::string probe_channel;
    std::size_t shard = 0;  ///< for the listener
    bool sharded = false;   ///< listens to sharded PUB/SUB, in the slot of the probe channel
  };

  Subscriber(driver::redis::Client& client, Purpose purpose, Health& health, metrics::Broker& metrics,
             Listener& listener);

  void start();
  std::size_t shard() const { return purpose_.shard; }
  driver::redis::PubSub& pubsub() { return pubsub_; }

 private:
  void on_message(std::string_view channel, std::string_view payload) override;
  void on_subscriptions_lost(std::string_view why) override;
  void on_subscriptions_restored() override;
  void on_client_up() override;
  void on_client_down(std::string_view why) override;
  void on_master_moved(std::string_view why) override;

  void tick();
  void check();
  void send_probe();
  void report();
  void count_error(std::string_view error);

  static constexpr std::int64_t kTickMs = 500;

  driver::redis::Client& client_;
  const Purpose purpose_;
  metrics::Broker& metrics_;
  Listener& listener_;
  ShardState state_;
  Probe probe_;
  bool was_lost_ = false;
  std::string subscription_trouble_ = "not connected yet";  // empty: none
  std::string command_trouble_ = "not connected yet";
  net::CallbackTimer timer_{[this] { tick(); }};
  driver::redis::PubSub pubsub_;
};

}  // namespace whirl::broker::redis
