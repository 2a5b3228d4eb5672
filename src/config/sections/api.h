#pragma once
#include <cstdint>
#include <string>

#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// The server API over HTTP.
struct HttpAPI {
  bool disabled = false;
  std::string handler_prefix = "/api";
  std::string key;
  std::string error_mode;
  bool external = false;
  bool insecure = false;

  static const Table& table();
};

/// The server API over gRPC.
struct GrpcAPI {
  bool enabled = false;
  std::string error_mode;
  std::string address;
  std::int64_t port = 10000;
  std::string key;
  TLSConfig tls;
  bool reflection = false;
  std::int64_t max_receive_message_size = 0;

  static const Table& table();
};

}  // namespace whirl::config
