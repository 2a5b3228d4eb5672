#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/tls_options.h"

namespace whirl::driver::nats {

/// Where NATS is and how to get there.
struct Options {
  std::vector<std::string> urls{};  ///< of servers of one cluster; `tls://` asks for TLS
  std::string name{};               ///< what the server calls this connection
  std::int64_t dial_timeout_ms = 1000;
  std::int64_t write_timeout_ms = 1000;  ///< for a write, and for an answer to what was written
  bool tls = false;
  net::TlsClientOptions tls_options{};
  /// Told on the connection's thread when it begins to work or not to work; the text says why not.
  std::function<void(bool works, const std::string& why)> on_change{};
};

/// The library finds out only when it connects.
Result<> check_urls(const Options& options);

}  // namespace whirl::driver::nats
