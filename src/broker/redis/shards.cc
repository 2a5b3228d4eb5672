#include "broker/redis/shards.h"

#include <ctime>

#include "base/clock.h"
#include "base/log.h"
#include "broker/redis/scripts.h"

namespace whirl::broker::redis {
namespace {

std::vector<const driver::redis::Script*> all_of(const Scripts& s) {
  return {&s.publish_once, &s.publish_to_stream, &s.publish_to_list, &s.read_stream,   &s.read_list,
          &s.add_presence, &s.remove_presence,   &s.read_presence,   &s.count_presence};
}

}  // namespace

Shards::Shards(net::Loop& on_loop, const std::vector<driver::redis::ShardOptions>& options, bool sharded)
    : loop(on_loop) {
  for (const auto& shard : options) {
    const bool is_cluster = shard.mode == driver::redis::Mode::cluster;
    const auto all = all_of(sharded && is_cluster ? sharded_scripts() : scripts());
    clients.push_back(std::make_unique<driver::redis::Client>(loop, shard, all));
  }
}

std::size_t Shards::index_of(std::string_view channel) const {
  if (clients.size() == 1) return 0;
  return static_cast<std::size_t>(driver::redis::consistent_index(channel, static_cast<int>(clients.size())));
}

std::string utc_text(std::int64_t unix_ms) {
  const std::time_t seconds = unix_ms / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

ShardState::ShardState(Health& health, const driver::redis::Client& client, net::Loop& loop,
                       std::string_view purpose)
    : health_(health), part_(fmt::format("redis {}, {}, loop {}", client.name(), purpose, loop.index())) {
  since_unix_ms_ = unix_ms();
  ok_ = false;
  why_ = "not connected yet";
  health_.set_unhealthy(part_, why_);
}

ShardState::~ShardState() {
  health_.set_healthy(part_);
}

void ShardState::set_ok() {
  if (ok_) return;
  ok_ = true;
  health_.set_healthy(part_);
  log::info("a Redis shard works", {{"part", part_}, {"did_not_since", utc_text(since_unix_ms_)}});
  why_.clear();
}

void ShardState::set_trouble(std::string_view why) {
  if (ok_) since_unix_ms_ = unix_ms();
  const bool is_news = ok_ || why != why_;
  ok_ = false;
  if (!is_news) return;
  why_ = why;
  const std::string since = utc_text(since_unix_ms_);
  health_.set_unhealthy(part_, fmt::format("{} (since {})", why, since));
  log::error("a Redis shard does not work", {{"part", part_}, {"error", why}, {"since", since}});
}

}  // namespace whirl::broker::redis
