#pragma once
#include <memory>

#include "base/result.h"
#include "net/tls_options.h"

using gnutls_session_t = struct gnutls_session_int*;
using gnutls_certificate_credentials_t = struct gnutls_certificate_credentials_st*;

namespace whirl::http::h3 {

struct FreeTlsSession {
  void operator()(gnutls_session_t session) const;
};
using TlsSession = std::unique_ptr<std::remove_pointer_t<gnutls_session_t>, FreeTlsSession>;

/// The certificate and the rules of a QUIC listener. QUIC brings its own record layer, which OpenSSL 3.0 does
/// not let anybody bring, so that its TLS is GnuTLS. Immutable, used from all loops.
class Credentials {
 public:
  /// Errors say which of the PEM texts is bad.
  static Result<std::shared_ptr<const Credentials>> create(const net::TlsServerOptions& options);
  ~Credentials();

  /// A TLS 1.3 session that speaks "h3" and nothing else; null if there is no memory for it. It must not
  /// outlive the credentials.
  TlsSession accept_session() const;

 private:
  Credentials(gnutls_certificate_credentials_t certificates, bool asks_clients);

  gnutls_certificate_credentials_t certificates_;
  bool asks_clients_;
};

}  // namespace whirl::http::h3
