#include "app/tls.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/pem.h"

namespace whirl::app {
namespace {

constexpr std::int64_t kSoonSeconds = 7 * 24 * 3600;

void warn_of_expiry(const net::TlsServerOptions& options, std::string_view path) {
  auto certificate = net::TlsCertificate::parse(options.certificate, options.key);
  if (!certificate) return;
  const std::int64_t now = unix_seconds();
  const std::int64_t left = (*certificate)->not_after() - now;
  if (left <= 0) {
    log::warn("the certificate has expired, clients refuse it; renew it and reload", {{"option", path}});
  } else if (left < kSoonSeconds) {
    log::warn("the certificate expires soon; renew it and reload",
              {{"option", path}, {"hours", left / 3600}});
  }
  if (now < (*certificate)->not_before()) {
    log::warn("the certificate is not valid yet, clients refuse it", {{"option", path}});
  }
}

}  // namespace

Result<net::TlsServerOptions> read_certificates(const config::TLSConfig& config, std::string_view path) {
  net::TlsServerOptions options;
  auto loaded = config::load_pems(path, {{"cert_pem", config.cert_pem, options.certificate, true},
                                         {"key_pem", config.key_pem, options.key, true},
                                         {"client_ca_pem", config.client_ca_pem, options.client_ca}});
  if (!loaded) return tl::unexpected(loaded.error());
  return options;
}

Result<std::shared_ptr<const net::TlsContext>> make_tls(const config::TLSConfig& config,
                                                        std::string_view path, const TlsShared& shared,
                                                        std::vector<std::string> protocols) {
  auto options = read_certificates(config, path);
  if (!options) return tl::unexpected(options.error());
  options->tickets = shared.tickets;
  options->protocols = std::move(protocols);
  auto tls = net::TlsContext::server(*options);
  if (!tls) return fail("{}.{}", path, tls.error().message);
  warn_of_expiry(*options, path);
  return tls;
}

Result<std::shared_ptr<const net::TlsContext>> make_sourced_tls(const TlsShared& shared) {
  return net::TlsContext::server(
      {.protocols = {"h2", "http/1.1"}, .source = shared.source, .tickets = shared.tickets});
}

}  // namespace whirl::app
