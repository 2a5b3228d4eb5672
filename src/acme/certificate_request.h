#pragma once
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

/// Keys, requests and the certificates of challenges, made with OpenSSL.
namespace whirl::acme {

/// A new P-256 key; the caller frees it.
EVP_PKEY* new_key();
std::string key_pem(EVP_PKEY* key);

std::string sha256(std::string_view bytes);

/// A new key and what an authority needs to certify it for the host.
struct CertificateRequest {
  std::string key_pem;
  std::string der;
};
CertificateRequest make_request(const std::string& host);

/// A certificate and its key, both PEM.
struct CertificatePem {
  std::string certificate;
  std::string key;
};
/// What to show to an authority that checks by tls-alpn-01 (RFC 8737) who serves the host.
CertificatePem make_challenge_certificate(const std::string& host, std::string_view authorization);

}  // namespace whirl::acme
