#include "acme/certificates.h"

#include "acme/host.h"

namespace whirl::acme {

net::TlsCertificatePtr Certificates::find(std::string_view server_name) {
  const std::string host = certifiable_host(server_name.empty() ? default_host_ : server_name);
  if (host.empty()) return nullptr;
  {
    std::lock_guard lock(mutex_);
    if (auto found = certificates_.find(host); found != certificates_.end()) return found->second;
  }
  if (missing_) missing_(host);
  return nullptr;
}

net::TlsCertificatePtr Certificates::find_challenge(std::string_view server_name) {
  std::lock_guard lock(mutex_);
  const auto found = challenges_.find(certifiable_host(server_name));
  return found == challenges_.end() ? nullptr : found->second;
}

void Certificates::put(const std::string& host, net::TlsCertificatePtr certificate) {
  std::lock_guard lock(mutex_);
  certificates_[host] = std::move(certificate);
}

void Certificates::put_challenge(const std::string& host, net::TlsCertificatePtr certificate) {
  std::lock_guard lock(mutex_);
  challenges_[host] = std::move(certificate);
}

void Certificates::remove_challenge(const std::string& host) {
  std::lock_guard lock(mutex_);
  challenges_.erase(host);
}

}  // namespace whirl::acme
