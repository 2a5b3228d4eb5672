#include <string>
#include <unordered_map>

#include "base/log.h"
#include "base/string_hash.h"
#include "broker/nats/nats.h"
#include "broker/nats/pushes.h"
#include "driver/nats/client.h"
#include "driver/nats/subject.h"
#include "net/loop.h"

namespace whirl::broker {
namespace {

/// What neither a channel to publish in nor (without wildcards) one to subscribe to may have.
constexpr std::string_view kForbidden{" \t\r\n\f\v\0*>", 9};
static_assert(kForbidden.starts_with(driver::nats::kSeparators) &&
              kForbidden.ends_with(driver::nats::kWildcards));

/// A loop's broker: a subscription at NATS for each channel. Publications come back from NATS like those of
/// other nodes.
class NatsBroker final : public Broker {
 public:
  NatsBroker(net::Loop& loop, std::shared_ptr<driver::nats::Connection> connection,
             std::shared_ptr<const NatsOptions> options, OnDropped on_dropped)
      : loop_(loop), options_(std::move(options)), client_(loop, std::move(connection)) {
    client_.on_dropped(std::move(on_dropped));
  }

  void start(BrokerSink& sink) override { sink_ = &sink; }

  void subscribe(std::string_view channel, Done<> done) override {
    if (!Limits::allow(nats_limits(*options_).not_in_subscribed, channel)) {
      return done(fail("NATS cannot subscribe to such a channel"));
    }
    std::string name(channel);
    if (!subscriptions_.try_emplace(name, 0).second) return done({});
    const std::uint64_t number = client_.subscribe(
        options_->subjects.of_channel(channel),
        [this, name](std::string_view subject, std::string_view data) { receive(name, subject, data); },
        [this, name, done = std::move(done)](Result<> result) mutable {
          if (!result) subscriptions_.erase(name);
          done(std::move(result));
        });
    if (auto at = subscriptions_.find(name); at != subscriptions_.end()) at->second = number;
  }

  void unsubscribe(std::string_view channel, Done<> done) override {
    auto at = subscriptions_.find(channel);
    if (at == subscriptions_.end()) return done({});
    const std::uint64_t number = at->second;
    subscriptions_.erase(at);
    client_.unsubscribe(number, std::move(done));
  }

  void publish(std::string_view channel, SharedBytes data, PublishOptions options,
               Done<PublishResult> done) override {
    if (!Limits::allow(kForbidden, channel)) return done(fail("NATS cannot publish in such a channel"));
    std::string message =
        options_->raw ? std::string(data.view())
                      : nats_push::publication(channel, data.view(), options, loop_.clock().unix_ms());
    client_.publish(options_->subjects.of_channel(channel), std::move(message),
                    [done = std::move(done)](Result<> result) mutable {
                      if (!result) return done(tl::unexpected(std::move(result.error())));
                      done(PublishResult{});
                    });
  }

  void publish_join(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    if (options_->raw) return done({});
    send(channel, nats_push::join(channel, *info), std::move(done));
  }

  void publish_leave(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    if (options_->raw) return done({});
    send(channel, nats_push::leave(channel, *info), std::move(done));
  }

  void history(std::string_view, HistoryQuery, Done<HistoryResult> done) override {
    done(fail("NATS keeps no history"));
  }
  void remove_history(std::string_view, Done<> done) override { done(fail("NATS keeps no history")); }

 private:
  void send(std::string_view channel, std::string message, Done<> done) {
    if (!Limits::allow(kForbidden, channel)) return done({});  // subscribers of patterns come and go untold
    client_.publish(options_->subjects.of_channel(channel), std::move(message), std::move(done));
  }

  void receive(const std::string& channel, std::string_view subject, std::string_view data) {
    if (options_->raw) return receive_raw(channel, subject, data);
    auto push = nats_push::decode(data, channel, arena_);
    if (!push) {
      return log::error("a message from NATS is malformed, is its prefix used by others?",
                        {{"subject", subject}, {"error", push.error().message}});
    }
    if (push->publication) {
      sink_->on_publication(channel, std::move(push->publication), push->epoch, push->use_delta, nullptr);
    } else if (push->join && push->channel == channel) {
      sink_->on_join(channel, std::move(push->join));
    } else if (push->leave && push->channel == channel) {
      sink_->on_leave(channel, std::move(push->leave));
    }
  }

  void receive_raw(const std::string& channel, std::string_view subject, std::string_view data) {
    auto publication = std::make_shared<Publication>();
    publication->data = SharedBytes::copy(data);
    if (auto name = options_->subjects.channel_of(subject); name != channel) publication->channel = name;
    sink_->on_publication(channel, std::move(publication), {}, false, nullptr);
  }

  net::Loop& loop_;
  const std::shared_ptr<const NatsOptions> options_;
  BrokerSink* sink_ = nullptr;
  codec::Arena arena_;
  std::unordered_map<std::string, std::uint64_t, StringHash, std::equal_to<>> subscriptions_;
  driver::nats::Client client_;  // ends first, with the callbacks that are still to come
};

}  // namespace

Limits nats_limits(const NatsOptions& options) {
  return {.history = false,
          .not_in_subscribed = options.allows_wildcards ? driver::nats::kSeparators : kForbidden,
          .not_in_published = kForbidden};
}

std::unique_ptr<Broker> make_nats_broker(net::Loop& loop,
                                         std::shared_ptr<driver::nats::Connection> connection,
                                         std::shared_ptr<const NatsOptions> options, OnDropped on_dropped) {
  return std::make_unique<NatsBroker>(loop, std::move(connection), std::move(options), std::move(on_dropped));
}

}  // namespace whirl::broker
