#pragma once
#include <memory>
#include <string_view>

#include "base/result.h"
#include "config/sections/tls.h"
#include "net/ticket_keys.h"
#include "net/tls_certificate.h"
#include "net/tls_context.h"

namespace whirl::app {

/// What TLS has in common on all listeners, and keeps over reloads.
struct TlsShared {
  std::shared_ptr<net::TicketKeys> tickets{};
  std::shared_ptr<net::CertificateSource> source{};  ///< null: certificates come from the configuration
};

/// The certificates of the section at `path`, from their files or texts. Errors name the option.
Result<net::TlsServerOptions> read_certificates(const config::TLSConfig& config, std::string_view path);

/// The context of a listener with the certificates of the section at `path`. Errors name the option. Warns in
/// the log of a certificate that is not valid now or expires soon. `protocols`: names for ALPN.
Result<std::shared_ptr<const net::TlsContext>> make_tls(const config::TLSConfig& config,
                                                        std::string_view path, const TlsShared& shared,
                                                        std::vector<std::string> protocols = {"h2",
                                                                                              "http/1.1"});

/// The context of a listener whose certificates come from shared.source.
Result<std::shared_ptr<const net::TlsContext>> make_sourced_tls(const TlsShared& shared);

}  // namespace whirl::app
