#pragma once
#include <cstdint>
#include <string>

#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// HTTP/3 beside TCP on the external port.
struct HTTP3 {
  bool enabled = false;

  static const Table& table();
};

/// The HTTP listeners: an external one for clients and an optional internal one for everything else.
struct HTTPServer {
  std::string address;
  std::int64_t port = 8000;
  std::string internal_address;
  std::string internal_port;
  TLSConfig tls;
  TLSAutocert tls_autocert;
  bool tls_external = false;
  TLSConfig internal_tls;
  HTTP3 http3;
  bool h2c_external = false;
  std::string unix_socket_mode = "0660";
  bool proxy_protocol = false;

  static const Table& table();
};

}  // namespace whirl::config
