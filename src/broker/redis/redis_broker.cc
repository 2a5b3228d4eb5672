#include <algorithm>

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "broker/redis/answers.h"
#include "broker/redis/format.h"
#include "broker/redis/history.h"
#include "broker/redis/keys.h"
#include "broker/redis/redis.h"
#include "broker/redis/scripts.h"
#include "broker/redis/subscriber.h"

namespace whirl::broker::redis {
namespace {

using driver::redis::Client;
using driver::redis::Value;

constexpr std::int64_t kDefaultResultTtlSeconds = 300;

/// Redis keeps whole seconds; what is shorter than one lasts one.
std::string seconds(std::int64_t ms) {
  return std::to_string(std::max<std::int64_t>(1, ms / 1000));
}

/// "0" is for ever.
std::string meta_seconds(std::int64_t ms, std::int64_t default_ms) {
  if (ms == 0) ms = default_ms;
  return ms <= 0 ? "0" : seconds(ms);
}

/// A loop's part of the broker in Redis.
class RedisBroker final : public Broker, private Subscriber::Listener {
 public:
  RedisBroker(ShardsPtr shards, const Options& options, Health& health, metrics::Broker& metrics)
      : shards_(std::move(shards)),
        name_(options.name),
        lists_(options.history_use_lists),
        meta_ttl_ms_(options.history_meta_ttl_ms),
        metrics_(metrics) {
    Subscriber::Listener& listener = *this;
    for (auto& client : shards_->clients) {
      keys_.emplace_back(options.prefix, client->is_cluster(), lists_, options.sharded_pub_sub_partitions);
      const Keys& keys = keys_.back();
      auto& partitions = subscribers_.emplace_back();
      for (int i = 0; i < std::max(1, keys.partitions()); ++i) {
        const bool sharded = keys.partitions() > 0;
        std::string what = sharded ? fmt::format("publications of partition {}", i) : "publications";
        if (!options.name.empty()) what += " by " + options.name;
        Subscriber::Purpose purpose{std::move(what),  options.name, "", keys.probe(random_text(16), i),
                                    keys_.size() - 1, sharded};
        partitions.push_back(
            std::make_unique<Subscriber>(*client, std::move(purpose), health, metrics, listener));
      }
    }
  }

  void start(BrokerSink& sink) override {
    sink_ = &sink;
    for (auto& partitions : subscribers_) {
      for (auto& subscriber : partitions) subscriber->start();
    }
  }

  void subscribe(std::string_view channel, Done<> done) override {
    const std::size_t shard = shards_->index_of(channel);
    subscriber_of(shard, channel).pubsub().subscribe(keys_[shard].messages(channel), std::move(done));
  }

  void unsubscribe(std::string_view channel, Done<> done) override {
    const std::size_t shard = shards_->index_of(channel);
    subscriber_of(shard, channel).pubsub().unsubscribe(keys_[shard].messages(channel), std::move(done));
  }

  void publish(std::string_view channel, SharedBytes data, PublishOptions options,
               Done<PublishResult> done) override {
    const bool stored = options.history_size > 0 && options.history_ttl_ms > 0;
    const std::string payload =
        encode_publication(data.view(), options, unix_ms(), options.use_delta && !stored);
    if (stored) return publish_stored(channel, payload, options, std::move(done));
    if (!options.idempotency_key.empty()) return publish_once(channel, payload, options, std::move(done));
    send(channel, payload, [done = std::move(done)](Result<> sent) mutable {
      if (!sent) return done(tl::unexpected(std::move(sent.error())));
      done(PublishResult{});
    });
  }

  void publish_join(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    send(channel, encode_join(*info), std::move(done));
  }
  void publish_leave(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    send(channel, encode_leave(*info), std::move(done));
  }

  void history(std::string_view channel, HistoryQuery query, Done<HistoryResult> done) override {
    const std::size_t shard = shards_->index_of(channel);
    const std::string history = keys_[shard].history(channel);
    const std::string meta = keys_[shard].meta(channel);
    const std::string ttl = meta_seconds(query.meta_ttl_ms, meta_ttl_ms_);
    const std::string epoch = new_epoch();
    const HistoryRange range = range_of(query, lists_);
    const std::string_view keys[] = {history, meta};
    const std::string_view args[] = {ttl,         epoch,       range.wanted ? "1" : "0",
                                     range.first, range.limit, query.reverse ? "1" : "0"};
    const auto& script = lists_ ? scripts().read_list : scripts().read_stream;
    shards_->clients[shard]->eval(script, keys, std::span(args).first(lists_ ? 3 : 6),
                                  {.key = {}, .repeatable = true, .replica = false},
                                  reading(std::move(done), [query, lists = lists_](const Value& value) {
                                    return lists ? read_list(value, query) : read_stream(value);
                                  }));
  }

  void remove_history(std::string_view channel, Done<> done) override {
    const std::size_t shard = shards_->index_of(channel);
    const std::string key = keys_[shard].history(channel);
    const std::string_view words[] = {"DEL", key};
    shards_->clients[shard]->command(words, {.key = key, .repeatable = true, .replica = false},
                                     without_value(std::move(done)));
  }

 private:
  Subscriber& subscriber_of(std::size_t shard, std::string_view channel) {
    return *subscribers_[shard][static_cast<std::size_t>(keys_[shard].partition_of(channel))];
  }
  const Scripts& scripts_of(std::size_t shard) const {
    return keys_[shard].partitions() > 0 ? sharded_scripts() : scripts();
  }

  void send(std::string_view channel, const std::string& message, Done<> done) {
    const std::size_t shard = shards_->index_of(channel);
    const std::string to = keys_[shard].messages(channel);
    const std::string_view publish = keys_[shard].partitions() > 0 ? "SPUBLISH" : "PUBLISH";
    const std::string_view words[] = {publish, to, message};
    shards_->clients[shard]->command(words, {.key = to, .repeatable = false, .replica = false},
                                     without_value(std::move(done)));
  }

  static std::string result_ttl(const PublishOptions& options) {
    if (options.idempotency_key.empty()) return "";
    if (options.idempotent_result_ttl_ms == 0) return std::to_string(kDefaultResultTtlSeconds);
    return seconds(options.idempotent_result_ttl_ms);
  }

  void publish_once(std::string_view channel, const std::string& payload, const PublishOptions& options,
                    Done<PublishResult> done) {
    const std::size_t shard = shards_->index_of(channel);
    const std::string result = keys_[shard].result(channel, options.idempotency_key);
    const std::string to = keys_[shard].messages(channel);
    const std::string ttl = result_ttl(options);
    const std::string_view keys[] = {result};
    const std::string_view args[] = {payload, to, ttl};
    shards_->clients[shard]->eval(scripts_of(shard).publish_once, keys, args,
                                  {.key = {}, .repeatable = true, .replica = false},
                                  reading(std::move(done), [](const Value& value) {
                                    PublishResult published;
                                    published.suppressed = value.text == "1";
                                    return published;
                                  }));
  }

  void publish_stored(std::string_view channel, const std::string& payload, const PublishOptions& options,
                      Done<PublishResult> done) {
    const std::size_t shard = shards_->index_of(channel);
    const Keys& names = keys_[shard];
    const std::string history = names.history(channel);
    const std::string meta = names.meta(channel);
    const std::string result = names.result(channel, options.idempotency_key);
    const std::string to = names.messages(channel);
    // A list is trimmed to its last index, not to its size.
    const std::string size = std::to_string(options.history_size - (lists_ ? 1 : 0));
    const std::string ttl = seconds(options.history_ttl_ms);
    const std::string meta_ttl = meta_seconds(options.history_meta_ttl_ms, meta_ttl_ms_);
    const std::string epoch = new_epoch();
    const std::string remembered = result_ttl(options);
    const std::string version = std::to_string(options.version);
    const std::string_view keys[] = {history, meta, result};
    const std::string_view args[] = {payload,    size,
                                     ttl,        to,
                                     meta_ttl,   epoch,
                                     remembered, options.use_delta ? "1" : "0",
                                     version,    options.version_epoch};
    const auto& script = lists_ ? scripts_of(shard).publish_to_list : scripts_of(shard).publish_to_stream;
    // The key makes repeating harmless.
    const bool repeatable = !options.idempotency_key.empty();
    shards_->clients[shard]->eval(script, keys, args, {.key = {}, .repeatable = repeatable, .replica = false},
                                  reading(std::move(done), read_publish_result));
  }

  void on_message(Subscriber& from, std::string_view to, std::string_view message) override {
    const std::string_view channel = keys_[from.shard()].channel_of(to);
    auto push = parse_push(message);
    Result<> handed = push ? hand_over(channel, *push) : tl::unexpected(push.error());
    if (handed) return;
    metrics_.redis_pub_sub_errors.with(name_, "handle_client_message").add();
    log::error("a message from Redis is malformed",
               {{"channel", channel}, {"error", handed.error().message}});
  }

  Result<> hand_over(std::string_view channel, const Push& push) {
    if (push.type != PushType::publication) {
      auto info = decode_client_info(push.payload);
      if (!info) return tl::unexpected(std::move(info.error()));
      if (push.type == PushType::join) {
        sink_->on_join(channel, std::move(*info));
      } else {
        sink_->on_leave(channel, std::move(*info));
      }
      return {};
    }
    auto decoded = decode_publication(push.payload, push.offset);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    PublicationPtr previous;
    if (!push.previous.empty()) {
      auto before = decode_publication(push.previous, push.offset - 1);
      if (!before) return tl::unexpected(std::move(before.error()));
      previous = std::move(before->publication);
    }
    const std::string_view epoch = decoded->epoch.empty() ? push.epoch : std::string_view(decoded->epoch);
    sink_->on_publication(channel, std::move(decoded->publication), epoch, push.delta || decoded->delta,
                          std::move(previous));
    return {};
  }

  void on_restored(Subscriber& subscriber) override {
    const Keys& keys = keys_[subscriber.shard()];
    std::vector<std::string> channels;
    subscriber.pubsub().for_each([&](const std::string& name) {
      if (auto channel = keys.channel_of(name); !channel.empty()) channels.emplace_back(channel);
    });
    sink_->on_missed(std::move(channels));
  }

  const ShardsPtr shards_;
  const std::string name_;
  const bool lists_;
  const std::int64_t meta_ttl_ms_;
  metrics::Broker& metrics_;
  BrokerSink* sink_ = nullptr;
  std::vector<Keys> keys_;                                             // of each shard
  std::vector<std::vector<std::unique_ptr<Subscriber>>> subscribers_;  // of each shard's partitions
};

}  // namespace

ShardsPtr make_shards(net::Loop& loop, const Options& options) {
  return std::make_shared<Shards>(loop, options.shards, options.sharded_pub_sub_partitions > 0);
}

std::unique_ptr<Broker> make_broker(ShardsPtr shards, const Options& options, Health& health,
                                    metrics::Broker& metrics) {
  return std::make_unique<RedisBroker>(std::move(shards), options, health, metrics);
}

}  // namespace whirl::broker::redis
