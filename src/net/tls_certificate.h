#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

using EVP_PKEY = struct evp_pkey_st;
using X509 = struct x509_st;
using X509_STACK = struct stack_st_X509;

namespace whirl::net {

/// A certificate with its chain and its key, ready to be shown. Immutable, used from all loops.
class TlsCertificate {
 public:
  /// From PEM texts. Errors begin with the name that configuration files have for the bad one: cert_pem,
  /// key_pem.
  static Result<std::shared_ptr<const TlsCertificate>> parse(const std::string& cert_pem,
                                                             const std::string& key_pem);
  ~TlsCertificate();
  TlsCertificate(const TlsCertificate&) = delete;
  TlsCertificate& operator=(const TlsCertificate&) = delete;

  /// Unix seconds.
  std::int64_t not_before() const;
  std::int64_t not_after() const;
  /// Whether it is for that host.
  bool covers(const std::string& host) const;

  X509* leaf() const { return leaf_; }
  EVP_PKEY* key() const { return key_; }
  X509_STACK* chain() const { return chain_; }

 private:
  TlsCertificate() = default;
  X509* leaf_ = nullptr;
  EVP_PKEY* key_ = nullptr;
  X509_STACK* chain_ = nullptr;
};

using TlsCertificatePtr = std::shared_ptr<const TlsCertificate>;

/// Which certificate a server shows where that depends on the client. Asked in handshakes, on all loops.
class CertificateSource {
 public:
  virtual ~CertificateSource() = default;
  /// For the name that the client asks for, empty if it says none. Null: the handshake is refused.
  virtual TlsCertificatePtr find(std::string_view server_name) = 0;
  /// For a client that speaks nothing but "acme-tls/1": an authority that checks who serves the name.
  virtual TlsCertificatePtr find_challenge(std::string_view server_name) = 0;
};

}  // namespace whirl::net
