#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/connector.h"

namespace whirl::driver::redis {

/// What an item of the option `address` says; what it does not say is absent.
struct Address {
  bool sentinel = false;
  bool cluster = false;
  std::vector<net::ConnectAddress> hosts{};
  std::optional<std::string> user{};
  std::optional<std::string> password{};
  std::optional<std::int64_t> db{};
  std::optional<std::int64_t> connect_timeout_ms{};
  std::optional<std::int64_t> io_timeout_ms{};
  std::optional<std::string> sentinel_master_name{};
  std::optional<std::string> sentinel_user{};
  std::optional<std::string> sentinel_password{};
  std::optional<bool> replica_client{};
  std::optional<bool> force_resp2{};
  bool tls = false;
  bool sentinel_tls = false;
};

/// Reads host:port, or a URL: tcp, redis, rediss, unix, redis+sentinel, rediss+sentinel, redis+cluster, with
/// user, password, database and options as Centrifugo has them. Errors do not show passwords.
Result<Address> parse_address(std::string_view text);

/// Reads "host:port" or "[v6]:port".
Result<net::ConnectAddress> parse_host_port(std::string_view text);

}  // namespace whirl::driver::redis
