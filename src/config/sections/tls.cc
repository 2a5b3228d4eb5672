#include "config/sections/tls.h"

#include "config/table.h"

namespace whirl::config {

const Table& TLSConfig::table() {
  static const Row<TLSConfig> rows[] = {
      {"enabled", &TLSConfig::enabled, "Turns TLS on."},
      {"cert_pem", &TLSConfig::cert_pem, "Certificate, with its chain.", kPem},
      {"key_pem", &TLSConfig::key_pem, "Private key of the certificate.", kPem | kSecret},
      {"server_ca_pem", &TLSConfig::server_ca_pem,
       "Certificates that the peer's certificate must come from, when this side connects.", kPem},
      {"client_ca_pem", &TLSConfig::client_ca_pem,
       "Certificates that client certificates must come from, when this side listens; set, every client must "
       "show one.",
       kPem},
      {"insecure_skip_verify", &TLSConfig::insecure_skip_verify,
       "Accepts any certificate of the peer. For tests only."},
      {"server_name", &TLSConfig::server_name,
       "Name that the peer's certificate must carry, if it is not the host of the address."},
  };
  static const Table table("TLSConfig", rows);
  return table;
}

const Table& TLSAutocert::table() {
  static const Row<TLSAutocert> rows[] = {
      {"enabled", &TLSAutocert::enabled, "Fetches certificates from an ACME provider such as Let's Encrypt."},
      {"host_whitelist", &TLSAutocert::host_whitelist,
       "Host names to fetch certificates for; empty means any that a client asks for."},
      {"cache_dir", &TLSAutocert::cache_dir, "Directory that keeps fetched certificates over restarts."},
      {"email", &TLSAutocert::email, "Address that the provider may write to."},
      {"server_name", &TLSAutocert::server_name, "Host name to assume for clients that send none."},
      {"http", &TLSAutocert::http, "Answers `http-01` challenges on a listener of their own."},
      {"http_addr", &TLSAutocert::http_addr, "Address of that listener."},
      {"acme_directory_url", &TLSAutocert::acme_directory_url,
       "URL of the provider's ACME directory. Whirl only.", kOwn},
      {"acme_ca_pem", &TLSAutocert::acme_ca_pem,
       "Certificates that the provider's own certificate must come from; empty means the system's. "
       "Whirl only.",
       kOwn | kPem},
  };
  static const Table table("TLSAutocert", rows);
  return table;
}

}  // namespace whirl::config
