#include "net/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "net/private_key.h"

namespace whirl::net {
namespace {

/// Why OpenSSL did not like what it got last.
std::string reason() {
  const char* text = ERR_reason_error_string(ERR_peek_last_error());
  std::string out = text ? text : "unknown reason";
  ERR_clear_error();
  return out;
}

/// An encrypted certificate is not asked a password for.
int no_password(char*, int, int, void*) {
  return -1;
}

std::int64_t unix_seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(::timegm(&parts)) : 0;
}

}  // namespace

TlsCertificate::~TlsCertificate() {
  X509_free(leaf_);
  EVP_PKEY_free(key_);
  sk_X509_pop_free(chain_, X509_free);
}

Result<TlsCertificatePtr> TlsCertificate::parse(const std::string& cert_pem, const std::string& key_pem) {
  std::shared_ptr<TlsCertificate> out(new TlsCertificate);
  const std::unique_ptr<BIO, int (*)(BIO*)> in(
      BIO_new_mem_buf(cert_pem.data(), static_cast<int>(cert_pem.size())), BIO_free);
  out->leaf_ = PEM_read_bio_X509_AUX(in.get(), nullptr, no_password, nullptr);
  if (!out->leaf_) return fail("cert_pem has no usable certificate: {}", reason());
  out->chain_ = sk_X509_new_null();
  while (X509* next = PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr)) {
    sk_X509_push(out->chain_, next);
  }
  ERR_clear_error();  // the end of the chain
  out->key_ = read_private_key(key_pem).release();
  if (!out->key_) return fail("key_pem has no private key without a password: {}", reason());
  if (X509_check_private_key(out->leaf_, out->key_) != 1) {
    ERR_clear_error();
    return fail(
        "key_pem is not the key of the first certificate in cert_pem; put the server's own certificate "
        "before its chain, or give the matching key");
  }
  return TlsCertificatePtr(std::move(out));
}

std::int64_t TlsCertificate::not_before() const {
  return unix_seconds_of(X509_get0_notBefore(leaf_));
}

std::int64_t TlsCertificate::not_after() const {
  return unix_seconds_of(X509_get0_notAfter(leaf_));
}

bool TlsCertificate::covers(const std::string& host) const {
  return X509_check_host(leaf_, host.data(), host.size(), 0, nullptr) == 1;
}

}  // namespace whirl::net
