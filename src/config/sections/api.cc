#include "config/sections/api.h"

#include "config/table.h"

namespace whirl::config {

const Table& HttpAPI::table() {
  static const Row<HttpAPI> rows[] = {
      {"disabled", &HttpAPI::disabled, "Turns the HTTP API off."},
      {"handler_prefix", &HttpAPI::handler_prefix, "Path it is served at."},
      {"key", &HttpAPI::key, "Key that requests must carry.", kSecret},
      {"error_mode", &HttpAPI::error_mode,
       "How errors are answered: empty means in the body of a 200, `transport` means as a status too."},
      {"external", &HttpAPI::external, "Serves it on the external port too."},
      {"insecure", &HttpAPI::insecure, "Needs no key. For development, or behind something that guards it."},
  };
  static const Table table("HttpAPI", rows);
  return table;
}

const Table& GrpcAPI::table() {
  static const Row<GrpcAPI> rows[] = {
      {"enabled", &GrpcAPI::enabled, "Turns it on."},
      {"error_mode", &GrpcAPI::error_mode,
       "How errors are answered: empty means in the body of a 200, `transport` means as a status too."},
      {"address", &GrpcAPI::address, "Address to listen on; empty means every interface."},
      {"port", &GrpcAPI::port, "Port to listen on."},
      {"key", &GrpcAPI::key, "Key that calls must carry; empty means none.", kSecret},
      {"tls", &GrpcAPI::tls, "TLS of the listener."},
      {"reflection", &GrpcAPI::reflection, "Describes the service to clients that ask."},
      {"max_receive_message_size", &GrpcAPI::max_receive_message_size,
       "Largest message accepted, in bytes; 0 means the default of gRPC, 4 MB."},
  };
  static const Table table("GrpcAPI", rows);
  return table;
}

}  // namespace whirl::config
