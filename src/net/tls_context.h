#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "net/tls_options.h"

using SSL_CTX = struct ssl_ctx_st;
using SSL = struct ssl_st;

namespace whirl::net {

struct FreeSsl {
  void operator()(SSL_CTX* context) const;
  void operator()(SSL* session) const;
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

/// What all TLS connections of a listener, or to a kind of server, share: certificates, keys and rules.
/// Immutable, used from all loops.
class TlsContext {
 public:
  /// TLS 1.2 or newer. Errors name the bad PEM text as configuration files do: cert_pem, key_pem,
  /// client_ca_pem, server_ca_pem.
  static Result<std::shared_ptr<const TlsContext>> server(const TlsServerOptions& options);
  static Result<std::shared_ptr<const TlsContext>> client(const TlsClientOptions& options);

  /// A session that waits for the client's first message.
  SslPtr accept_session() const;
  /// A session that will greet `host`, and believe it only with a certificate for that name (or for
  /// server_name).
  SslPtr connect_session(const std::string& host) const;

 private:
  using Pointer = std::unique_ptr<SSL_CTX, FreeSsl>;
  TlsContext(Pointer context, std::string server_name, bool verify);

  Pointer context_;
  std::string server_name_;
  bool verify_;
};

}  // namespace whirl::net
