#include "broker/redis/subscriber.h"

namespace whirl::broker::redis {

Subscriber::Subscriber(driver::redis::Client& client, Purpose purpose, Health& health,
                       metrics::Broker& metrics, Listener& listener)
    : client_(client),
      purpose_(std::move(purpose)),
      metrics_(metrics),
      listener_(listener),
      state_(health, client, client.loop(), purpose_.name),
      probe_(client.options().io_timeout_ms),
      pubsub_(client, *this,
              purpose_.sharded ? std::string_view(purpose_.probe_channel) : std::string_view()) {}

void Subscriber::start() {
  client_.watch(*this);
  pubsub_.start();
  client_.loop().arm(timer_, kTickMs);
}

void Subscriber::on_message(std::string_view channel, std::string_view payload) {
  if (channel != purpose_.probe_channel) return listener_.on_message(*this, channel, payload);
  probe_.on_returned();
  command_trouble_.clear();
  report();
}

void Subscriber::on_subscriptions_lost(std::string_view why) {
  if (subscription_trouble_.empty()) was_lost_ = true;
  subscription_trouble_ = why;
  count_error("connection");
  report();
}

void Subscriber::on_subscriptions_restored() {
  subscription_trouble_.clear();
  probe_.restart(client_.loop().now_ms());
  report();
  if (std::exchange(was_lost_, false)) listener_.on_restored(*this);
}

void Subscriber::on_client_up() {
  command_trouble_.clear();
  report();
}

void Subscriber::on_client_down(std::string_view why) {
  command_trouble_ = why;
  report();
}

void Subscriber::on_master_moved(std::string_view why) {
  pubsub_.renew(why);
}

void Subscriber::report() {
  if (!subscription_trouble_.empty()) return state_.set_trouble(subscription_trouble_);
  if (!command_trouble_.empty()) return state_.set_trouble(command_trouble_);
  state_.set_ok();
}

void Subscriber::count_error(std::string_view error) {
  metrics_.redis_pub_sub_errors.with(purpose_.broker, std::string(purpose_.metric) + std::string(error))
      .add();
}

void Subscriber::tick() {
  client_.loop().arm(timer_, kTickMs);
  if (!subscription_trouble_.empty()) return;
  // Called at once if it is confirmed already. A subscription that timed out is begun again with this.
  pubsub_.subscribe(purpose_.probe_channel, [this](Result<> subscribed) {
    if (subscribed) check();
  });
}

void Subscriber::check() {
  const Probe::Step step = probe_.step(client_.loop().now_ms());
  if (step == Probe::Step::send) return send_probe();
  if (step != Probe::Step::lost) return;
  count_error("probe_timeout");
  constexpr std::string_view kWhy = "a message to ourselves did not come back in time";
  client_.renew(kWhy);
  pubsub_.renew(kWhy);
}

void Subscriber::send_probe() {
  const std::string_view publish = purpose_.sharded ? "SPUBLISH" : "PUBLISH";
  const std::string_view key =
      purpose_.sharded ? std::string_view(purpose_.probe_channel) : std::string_view();
  const std::string_view words[] = {publish, purpose_.probe_channel, "probe"};
  client_.command(words, {.key = key, .repeatable = true, .replica = false},
                  [this](Result<driver::redis::Value> result) {
                    if (result) return probe_.on_sent(client_.loop().now_ms());
                    probe_.on_not_sent();
                    count_error("probe_publish");
                    command_trouble_ = result.error().message;
                    report();
                  });
}

}  // namespace whirl::broker::redis
