#include "net/tls_context.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "net/tls_certificate.h"
#include "net/tls_serving.h"

namespace whirl::net {
namespace {

struct FreeOpenssl {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

Owned<BIO> reader(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<> use_certificate(SSL_CTX* context, const TlsCertificate& certificate) {
  int done = SSL_CTX_use_cert_and_key(context, certificate.leaf(), certificate.key(), certificate.chain(), 1);
  if (done == 1) return {};
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return fail("cert_pem cannot be used: {}", reason ? reason : "unknown reason");
}

/// `option` is what configuration files call the text.
Result<> trust(SSL_CTX* context, const std::string& pem, std::string_view option) {
  Owned<BIO> in = reader(pem);
  int count = 0;
  while (Owned<X509> ca{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get());
    SSL_CTX_add_client_CA(context, ca.get());
    ++count;
  }
  ERR_clear_error();
  if (count == 0) return fail("{} has no usable certificate", option);
  return {};
}

bool is_ip(const std::string& host) {
  unsigned char buffer[16];
  return ::inet_pton(AF_INET, host.c_str(), buffer) == 1 || ::inet_pton(AF_INET6, host.c_str(), buffer) == 1;
}

SSL_CTX* make_context(const SSL_METHOD* method) {
  SSL_CTX* context = SSL_CTX_new(method);
  WHIRL_CHECK(context);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Where the kernel encrypts (kTLS), OpenSSL leaves it to it; where not, the option does nothing.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_ENABLE_KTLS);
  // An idle connection gives its buffers back; a partial write keeps its place though the buffer may move.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

}  // namespace

void FreeSsl::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}
void FreeSsl::operator()(SSL* session) const {
  SSL_free(session);
}

TlsContext::TlsContext(Pointer context, std::string server_name, bool verify)
    : context_(std::move(context)), server_name_(std::move(server_name)), verify_(verify) {}

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const TlsServerOptions& options) {
  Pointer context(make_context(TLS_server_method()));
  serve(context.get(), options);
  if (!options.source) {
    auto certificate = TlsCertificate::parse(options.certificate, options.key);
    if (!certificate) return tl::unexpected(certificate.error());
    if (auto ok = use_certificate(context.get(), **certificate); !ok) return tl::unexpected(ok.error());
  }
  if (!options.client_ca.empty()) {
    if (auto ok = trust(context.get(), options.client_ca, "client_ca_pem"); !ok)
      return tl::unexpected(ok.error());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(context), "", false));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const TlsClientOptions& options) {
  Pointer context(make_context(TLS_client_method()));
  if (!options.certificate.empty()) {
    auto certificate = TlsCertificate::parse(options.certificate, options.key);
    if (!certificate) return tl::unexpected(certificate.error());
    if (auto ok = use_certificate(context.get(), **certificate); !ok) return tl::unexpected(ok.error());
  }
  if (options.ca.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (auto ok = trust(context.get(), options.ca, "server_ca_pem"); !ok) {
    return tl::unexpected(ok.error());
  }
  bool verify = !options.insecure_skip_verify;
  SSL_CTX_set_verify(context.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(context), options.server_name, verify));
}

SslPtr TlsContext::accept_session() const {
  SslPtr session(SSL_new(context_.get()));
  WHIRL_CHECK(session);
  SSL_set_accept_state(session.get());
  return session;
}

SslPtr TlsContext::connect_session(const std::string& host) const {
  SslPtr session(SSL_new(context_.get()));
  WHIRL_CHECK(session);
  SSL_set_connect_state(session.get());
  const std::string& name = server_name_.empty() ? host : server_name_;
  bool ip = is_ip(name);
  if (!ip) SSL_set_tlsext_host_name(session.get(), name.c_str());
  if (verify_ && ip) X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), name.c_str());
  if (verify_ && !ip) SSL_set1_host(session.get(), name.c_str());
  return session;
}

}  // namespace whirl::net
