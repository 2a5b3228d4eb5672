#include "http/h3/credentials.h"

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

namespace whirl::http::h3 {
namespace {

// QUIC is TLS 1.3 alone, without its disguise as TLS 1.2.
constexpr const char* kPriority =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:"
    "%DISABLE_TLS13_COMPAT_MODE";

gnutls_datum_t datum(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

}  // namespace

void FreeTlsSession::operator()(gnutls_session_t session) const {
  gnutls_deinit(session);
}

Credentials::Credentials(gnutls_certificate_credentials_t certificates, bool asks_clients)
    : certificates_(certificates), asks_clients_(asks_clients) {}

Credentials::~Credentials() {
  gnutls_certificate_free_credentials(certificates_);
}

Result<std::shared_ptr<const Credentials>> Credentials::create(const net::TlsServerOptions& options) {
  gnutls_certificate_credentials_t certificates = nullptr;
  if (int error = gnutls_certificate_allocate_credentials(&certificates); error != 0) {
    return fail("{}", gnutls_strerror(error));
  }
  std::shared_ptr<const Credentials> out(new Credentials(certificates, !options.client_ca.empty()));
  const gnutls_datum_t certificate = datum(options.certificate);
  const gnutls_datum_t key = datum(options.key);
  int error = gnutls_certificate_set_x509_key_mem(certificates, &certificate, &key, GNUTLS_X509_FMT_PEM);
  if (error < 0) return fail("cert_pem and key_pem cannot be used for HTTP/3: {}", gnutls_strerror(error));
  if (!options.client_ca.empty()) {
    const gnutls_datum_t ca = datum(options.client_ca);
    int count = gnutls_certificate_set_x509_trust_mem(certificates, &ca, GNUTLS_X509_FMT_PEM);
    if (count <= 0) return fail("client_ca_pem holds no certificate that can be used for HTTP/3");
  }
  return out;
}

TlsSession Credentials::accept_session() const {
  gnutls_session_t made = nullptr;
  if (gnutls_init(&made, GNUTLS_SERVER | GNUTLS_NO_TICKETS) != 0) return nullptr;
  TlsSession session(made);
  const gnutls_datum_t protocol{reinterpret_cast<unsigned char*>(const_cast<char*>("h3")), 2};
  const bool ready = gnutls_priority_set_direct(made, kPriority, nullptr) == 0 &&
                     ngtcp2_crypto_gnutls_configure_server_session(made) == 0 &&
                     gnutls_alpn_set_protocols(made, &protocol, 1,
                                               GNUTLS_ALPN_MANDATORY | GNUTLS_ALPN_SERVER_PRECEDENCE) == 0 &&
                     gnutls_credentials_set(made, GNUTLS_CRD_CERTIFICATE, certificates_) == 0;
  if (!ready) return nullptr;
  if (asks_clients_) {
    gnutls_certificate_server_set_request(made, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert(made, nullptr, 0);
  }
  return session;
}

}  // namespace whirl::http::h3
