#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "net/tls_certificate.h"

namespace whirl::acme {

/// The certificates that are there, for the handshakes of all loops; filled by the Issuer. From any thread.
class Certificates final : public net::CertificateSource {
 public:
  /// `default_host` is meant by clients that name none.
  explicit Certificates(std::string default_host) : default_host_(std::move(default_host)) {}

  net::TlsCertificatePtr find(std::string_view server_name) override;
  net::TlsCertificatePtr find_challenge(std::string_view server_name) override;

  void put(const std::string& host, net::TlsCertificatePtr certificate);
  void put_challenge(const std::string& host, net::TlsCertificatePtr certificate);
  void remove_challenge(const std::string& host);
  /// Called with a host that was asked for and is not there, on the thread of that handshake. Set before
  /// handshakes begin.
  void on_missing(std::function<void(const std::string& host)> call) { missing_ = std::move(call); }

 private:
  using Map = std::map<std::string, net::TlsCertificatePtr, std::less<>>;

  const std::string default_host_;
  std::function<void(const std::string&)> missing_;
  std::mutex mutex_;
  Map certificates_;
  Map challenges_;
};

}  // namespace whirl::acme
