#pragma once
#include <memory>
#include <string>
#include <vector>

namespace whirl::net {

class CertificateSource;
class TicketKeys;

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
  /// Names for ALPN, the preferred ones first.
  std::vector<std::string> protocols = {"http/1.1"};
  /// Asked for the certificate instead, if there is one.
  std::shared_ptr<CertificateSource> source{};
  /// Null: tickets are good for this context only.
  std::shared_ptr<TicketKeys> tickets{};
};

}  // namespace whirl::net
