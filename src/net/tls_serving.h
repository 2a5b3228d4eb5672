#pragma once
#include "net/tls_options.h"

using SSL_CTX = struct ssl_ctx_st;

namespace whirl::net {

/// Makes a context serve: ciphers, the choice of protocol and certificate in each handshake, and session
/// tickets. The context keeps what of the options it needs. Certificates and client CAs are set by the
/// caller.
void serve(SSL_CTX* context, const TlsServerOptions& options);

}  // namespace whirl::net
