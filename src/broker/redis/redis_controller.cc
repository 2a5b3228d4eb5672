#include "base/ids.h"
#include "broker/redis/answers.h"
#include "broker/redis/keys.h"
#include "broker/redis/redis.h"
#include "broker/redis/subscriber.h"

namespace whirl::broker::redis {
namespace {

/// Control messages through all shards in turn.
class RedisController final : public Controller, private Subscriber::Listener {
 public:
  RedisController(ShardsPtr shards, const Options& options, std::string_view node_uid, Health& health,
                  metrics::Broker& metrics)
      : shards_(std::move(shards)), keys_(options.prefix, false, false), own_channel_(keys_.node(node_uid)) {
    Subscriber::Listener& listener = *this;
    for (auto& client : shards_->clients) {
      Subscriber::Purpose purpose{"control messages", "", "control_", keys_.probe(random_text(16))};
      subscribers_.push_back(
          std::make_unique<Subscriber>(*client, std::move(purpose), health, metrics, listener));
    }
  }

  void start(ControllerSink& sink) override {
    sink_ = &sink;
    for (auto& subscriber : subscribers_) {
      for (const std::string& channel : {keys_.control(), own_channel_}) keep(*subscriber, channel);
      subscriber->start();
    }
  }

  void publish(std::string_view message, std::string_view node_id, Done<> done) override {
    const std::string to = node_id.empty() ? keys_.control() : keys_.node(node_id);
    const std::string_view words[] = {"PUBLISH", to, message};
    auto& client = shards_->clients[next_++ % shards_->clients.size()];
    client->command(words, {.key = {}, .repeatable = false, .replica = false},
                    without_value(std::move(done)));
  }

 private:
  /// Until it is done.
  void keep(Subscriber& subscriber, const std::string& channel) {
    subscriber.pubsub().subscribe(channel, [this, &subscriber, channel](Result<> result) {
      if (!result) keep(subscriber, channel);
    });
  }

  void on_message(Subscriber&, std::string_view channel, std::string_view payload) override {
    if (channel == own_channel_ || channel == keys_.control()) sink_->on_control(payload);
  }
  void on_restored(Subscriber&) override {}

  const ShardsPtr shards_;
  const Keys keys_;
  const std::string own_channel_;
  ControllerSink* sink_ = nullptr;
  std::size_t next_ = 0;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
};

}  // namespace

std::unique_ptr<Controller> make_controller(ShardsPtr shards, const Options& options,
                                            std::string_view node_uid, Health& health,
                                            metrics::Broker& metrics) {
  return std::make_unique<RedisController>(std::move(shards), options, node_uid, health, metrics);
}

}  // namespace whirl::broker::redis
