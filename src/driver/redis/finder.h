#pragma once
#include <memory>

#include "base/function.h"
#include "driver/redis/link.h"
#include "driver/redis/options.h"

namespace whirl::driver::redis {

/// Finds out where to connect to. Owned by the Reconnector that asks it; asked once at a time.
class Finder {
 public:
  using Found = UniqueFunction<void(Result<net::ConnectAddress>)>;
  virtual ~Finder() = default;
  /// Calls back once, maybe at once.
  virtual void find(Found found) = 0;
};

/// Takes the addresses in turn.
std::unique_ptr<Finder> make_list_finder(std::vector<net::ConnectAddress> addresses);

/// Asks the Sentinels in turn for the master, or for a replica of it that is well; begins with the one that
/// answered last.
std::unique_ptr<Finder> make_sentinel_finder(net::Loop& loop, const ShardOptions& options, bool replica);

/// What Sentinels answered to SENTINEL GET-MASTER-ADDR-BY-NAME.
Result<net::ConnectAddress> read_master(const Value& answer, std::string_view master_name);
/// What they answered to SENTINEL REPLICAS: those that are well.
Result<std::vector<net::ConnectAddress>> read_replicas(const Value& answer);

}  // namespace whirl::driver::redis
