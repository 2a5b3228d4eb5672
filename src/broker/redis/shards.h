#pragma once
#include <memory>
#include <string>
#include <vector>

#include "broker/health.h"
#include "driver/redis/client.h"
#include "metrics/broker.h"

namespace whirl::broker::redis {

/// The connections for commands to all shards from one loop, shared by the broker, presence and controller
/// that the same section of the configuration names.
struct Shards {
  Shards(net::Loop& on_loop, const std::vector<driver::redis::ShardOptions>& options, bool sharded);

  net::Loop& loop;
  std::vector<std::unique_ptr<driver::redis::Client>> clients;

  driver::redis::Client& of(std::string_view channel) const { return *clients[index_of(channel)]; }
  std::size_t index_of(std::string_view channel) const;
};
using ShardsPtr = std::shared_ptr<Shards>;

/// Says, in the log and to the readiness endpoint, whether a shard works for a purpose ("publications"), and
/// since when not. It does not until it is first told that it does.
class ShardState {
 public:
  ShardState(Health& health, const driver::redis::Client& client, net::Loop& loop, std::string_view purpose);
  ~ShardState();

  void set_ok();
  void set_trouble(std::string_view why);

 private:
  Health& health_;
  const std::string part_;
  bool ok_ = true;
  std::string why_;
  std::int64_t since_unix_ms_ = 0;
};

/// "2026-01-31T12:00:00Z"
std::string utc_text(std::int64_t unix_ms);

}  // namespace whirl::broker::redis
