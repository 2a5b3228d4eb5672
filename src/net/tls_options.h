#pragma once
#include <string>

namespace whirl::net {

/// TLS of an outgoing connection; certificates and keys are PEM texts, not file names.
struct TlsClientOptions {
  std::string ca{};  // empty: the system's
  std::string certificate{};
  std::string key{};
  std::string server_name{};  // empty: the host that is connected to
  bool insecure_skip_verify = false;
};

/// TLS of a listener; PEM texts.
struct TlsServerOptions {
  std::string certificate{};  // with its chain
  std::string key{};
  std::string client_ca{};  // if not empty, clients must show a certificate that it signed
};

}  // namespace whirl::net
