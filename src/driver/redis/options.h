#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/connector.h"
#include "net/tls_context.h"

namespace whirl::config {
struct Redis;
}

namespace whirl::driver::redis {

enum class Mode : std::uint8_t { standalone, sentinel, cluster };

/// How to introduce oneself to a server.
struct Login {
  std::string user{};
  std::string password{};
  std::string client_name{};
  std::int64_t db = 0;
  bool force_resp2 = false;  ///< speak version 2 of the protocol even if the server knows version 3
  std::shared_ptr<const net::TlsContext> tls{};  ///< null: not encrypted
};

/// One shard: a server, a master that Sentinels watch, or a Cluster.
struct ShardOptions {
  Mode mode = Mode::standalone;
  /// Of servers, of Sentinels, or of some nodes of the Cluster.
  std::vector<net::ConnectAddress> addresses{};
  Login login{};
  std::string master_name{};
  Login sentinel_login{};
  std::int64_t connect_timeout_ms = 1000;
  std::int64_t io_timeout_ms = 4000;
  bool read_from_replicas = false;

  /// Its addresses, for logs and people; without passwords.
  std::string name() const;
};

/// The shards that a section of the configuration names; `path` is that section's, for errors.
Result<std::vector<ShardOptions>> shards_of(const config::Redis& config, std::string_view path);

}  // namespace whirl::driver::redis
