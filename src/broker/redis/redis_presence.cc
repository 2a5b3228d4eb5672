#include <boost/unordered/unordered_flat_set.hpp>

#include "base/clock.h"
#include "base/string_hash.h"
#include "broker/redis/answers.h"
#include "broker/redis/format.h"
#include "broker/redis/keys.h"
#include "broker/redis/redis.h"
#include "broker/redis/scripts.h"
#include "broker/redis/shards.h"

namespace whirl::broker::redis {
namespace {

using driver::redis::Client;
using driver::redis::Value;

constexpr std::string_view flag(bool on) {
  return on ? "1" : "0";
}

Result<PresenceMap> read_presence(const Value& value) {
  PresenceMap out;
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
    auto info = decode_client_info(value.items[i + 1].text);
    if (!info) return tl::unexpected(std::move(info.error()));
    out.emplace_back(value.items[i].text, std::move(*info));
  }
  return out;
}

Result<PresenceStats> read_stats(const Value& value) {
  std::int64_t clients = 0;
  std::int64_t users = 0;
  if (value.items.size() != 2 || !value.items[0].to_integer(clients) || !value.items[1].to_integer(users)) {
    return fail("the answer about presence is malformed");
  }
  return PresenceStats{static_cast<std::uint32_t>(clients), static_cast<std::uint32_t>(users)};
}

PresenceStats count(const PresenceMap& presence) {
  boost::unordered_flat_set<std::string_view, StringHash, std::equal_to<>> users;
  for (const auto& [client, info] : presence) users.insert(info->user);
  return {static_cast<std::uint32_t>(presence.size()), static_cast<std::uint32_t>(users.size())};
}

/// Tells whether commands for presence can be sent to a shard.
class PresenceState final : public Client::Watcher {
 public:
  PresenceState(Health& health, Client& client, std::string_view purpose)
      : state_(health, client, client.loop(), purpose) {
    client.watch(*this);
  }

 private:
  void on_client_up() override { state_.set_ok(); }
  void on_client_down(std::string_view why) override { state_.set_trouble(why); }
  void on_master_moved(std::string_view) override {}

  ShardState state_;
};

/// A loop's part of presence in Redis.
class RedisPresence final : public PresenceStore {
 public:
  RedisPresence(ShardsPtr shards, const Options& options, Health& health)
      : shards_(std::move(shards)),
        ttl_seconds_(std::max<std::int64_t>(1, options.presence_ttl_ms / 1000)),
        ttl_(std::to_string(ttl_seconds_)),
        users_(options.presence_user_mapping),
        fields_expire_(options.presence_hash_field_ttl) {
    const std::string purpose = options.name.empty() ? "presence" : "presence by " + options.name;
    for (auto& client : shards_->clients) {
      keys_.emplace_back(options.prefix, client->is_cluster(), false);
      states_.push_back(std::make_unique<PresenceState>(health, *client, purpose));
    }
  }

  void add(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    const std::string encoded = encode_client_info(*info);
    const std::string ends = std::to_string(unix_seconds() + ttl_seconds_);
    const std::string_view args[] = {ttl_,       ends,         info->client,        encoded,
                                     info->user, flag(users_), flag(fields_expire_)};
    eval(scripts().add_presence, channel, 4, args, false, without_value(std::move(done)));
  }

  void remove(std::string_view channel, std::string_view client, std::string_view user,
              Done<> done) override {
    const std::string_view args[] = {client, user, flag(users_), flag(fields_expire_)};
    eval(scripts().remove_presence, channel, 4, args, false, without_value(std::move(done)));
  }

  void presence(std::string_view channel, Done<PresenceMap> done) override {
    const std::string now = std::to_string(unix_seconds());
    const std::string_view args[] = {now, flag(fields_expire_)};
    eval(scripts().read_presence, channel, 2, args, true, reading(std::move(done), read_presence));
  }

  void stats(std::string_view channel, Done<PresenceStats> done) override {
    if (!users_) {
      return presence(channel, [done = std::move(done)](Result<PresenceMap> all) mutable {
        if (!all) return done(tl::unexpected(std::move(all.error())));
        done(count(*all));
      });
    }
    const std::string now = std::to_string(unix_seconds());
    const std::string_view args[] = {now, flag(fields_expire_)};
    eval(scripts().count_presence, channel, 4, args, true, reading(std::move(done), read_stats));
  }

 private:
  void eval(const driver::redis::Script& script, std::string_view channel, std::size_t keys,
            std::span<const std::string_view> args, bool reads, driver::redis::Reply done) {
    const std::size_t shard = shards_->index_of(channel);
    const Keys& names = keys_[shard];
    const std::string all[] = {names.presence_expire(channel), names.presence_data(channel),
                               names.user_expire(channel), names.user_clients(channel)};
    const std::string_view views[] = {all[0], all[1], all[2], all[3]};
    // Only where fields expire by themselves does reading not write.
    const bool replica = reads && fields_expire_;
    shards_->clients[shard]->eval(script, std::span(views).first(keys), args,
                                  {.key = {}, .repeatable = true, .replica = replica}, std::move(done));
  }

  const ShardsPtr shards_;
  const std::int64_t ttl_seconds_;
  const std::string ttl_;
  const bool users_;
  const bool fields_expire_;
  std::vector<Keys> keys_;  // of each shard
  std::vector<std::unique_ptr<PresenceState>> states_;
};

}  // namespace

std::unique_ptr<PresenceStore> make_presence(ShardsPtr shards, const Options& options, Health& health) {
  return std::make_unique<RedisPresence>(std::move(shards), options, health);
}

}  // namespace whirl::broker::redis
