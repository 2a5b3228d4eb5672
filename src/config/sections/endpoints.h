#pragma once
#include <string>

#include "config/table_fwd.h"

namespace whirl::config {

/// The web interface for people who run the server.
struct Admin {
  bool enabled = false;
  std::string handler_prefix;
  std::string password;
  std::string secret;
  bool insecure = false;
  std::string web_path;
  std::string web_proxy_address;
  bool external = false;

  static const Table& table();
};

/// The endpoint that load balancers ask.
struct Health {
  bool enabled = false;
  std::string handler_prefix = "/health";

  static const Table& table();
};

/// The endpoint that describes the HTTP API.
struct Swagger {
  bool enabled = false;
  std::string handler_prefix = "/swagger";

  static const Table& table();
};

/// Profiling endpoints.
struct Debug {
  bool enabled = false;
  std::string handler_prefix = "/debug/pprof";

  static const Table& table();
};

}  // namespace whirl::config
