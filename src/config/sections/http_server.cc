#include "config/sections/http_server.h"

#include "config/table.h"

namespace whirl::config {

const Table& HTTP3::table() {
  static const Row<HTTP3> rows[] = {
      {"enabled", &HTTP3::enabled, "Serves HTTP/3 (QUIC) beside TCP; needs TLS. Experimental."},
  };
  static const Table table("HTTP3", rows);
  return table;
}

const Table& HTTPServer::table() {
  static const Row<HTTPServer> rows[] = {
      {"address", &HTTPServer::address,
       "Address to listen on; empty means every interface, `unix:/path` a unix socket (Whirl only)."},
      {"port", &HTTPServer::port, "Port to listen on."},
      {"internal_address", &HTTPServer::internal_address,
       "Address of the internal listener (API, metrics, health, admin); empty means the same as `address`."},
      {"internal_port", &HTTPServer::internal_port,
       "Port of the internal listener; empty means that everything is served on `port`."},
      {"tls", &HTTPServer::tls, "TLS of the listeners."},
      {"tls_autocert", &HTTPServer::tls_autocert, "Certificates from an ACME provider."},
      {"tls_external", &HTTPServer::tls_external, "Uses TLS on the external listener only."},
      {"internal_tls", &HTTPServer::internal_tls, "TLS of the internal listener, if it differs from `tls`."},
      {"http3", &HTTPServer::http3, "HTTP/3."},
      {"h2c_external", &HTTPServer::h2c_external,
       "Accepts HTTP/2 without TLS on the external listener; needs an `internal_port` of its own."},
      {"unix_socket_mode", &HTTPServer::unix_socket_mode, "Permissions of unix sockets, octal. Whirl only.",
       kOwn},
      {"proxy_protocol", &HTTPServer::proxy_protocol,
       "Expects a PROXY protocol header (version 1 or 2) at the beginning of each connection to the external "
       "listener, and refuses connections without one. Whirl only.",
       kOwn},
  };
  static const Table table("HTTPServer", rows);
  return table;
}

}  // namespace whirl::config
