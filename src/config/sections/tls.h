#pragma once
#include <string>
#include <vector>

#include "config/table_fwd.h"

namespace whirl::config {

/// TLS of one listener or of one outbound connection. PEM options take a file path, the PEM text, or its
/// base64.
struct TLSConfig {
  bool enabled = false;
  std::string cert_pem;
  std::string key_pem;
  std::string server_ca_pem;
  std::string client_ca_pem;
  bool insecure_skip_verify = false;
  std::string server_name;

  static const Table& table();
};

/// Certificates fetched by ACME.
struct TLSAutocert {
  bool enabled = false;
  std::vector<std::string> host_whitelist;
  std::string cache_dir;
  std::string email;
  std::string server_name;
  bool http = false;
  std::string http_addr = ":80";
  std::string acme_directory_url = "https://acme-v02.api.letsencrypt.org/directory";
  std::string acme_ca_pem;

  static const Table& table();
};

}  // namespace whirl::config
