#pragma once
#include <memory>
#include <vector>

#include "acme/certificates.h"
#include "acme/issuer.h"
#include "base/result.h"
#include "config/sections/tls.h"
#include "http/server.h"
#include "net/acceptor.h"

namespace whirl::app {

/// http_server.tls_autocert at work: the issuer of certificates, and the listener for authorities that ask by
/// http-01. Owned by the server, on the first loop: made before the loop runs, destroyed after it ended.
class Autocert {
 public:
  /// Fails on options that cannot work and on an address that cannot be listened on.
  static Result<std::unique_ptr<Autocert>> create(net::Loop& loop, const config::TLSAutocert& config);

  std::shared_ptr<net::CertificateSource> certificates() const { return certificates_; }
  /// On the loop: begins to get certificates and to answer.
  void start();

 private:
  Autocert(net::Loop& loop, acme::Options options, std::string default_host);

  net::Loop& loop_;
  std::shared_ptr<acme::Certificates> certificates_;
  acme::Issuer issuer_;
  std::vector<net::Fd> sockets_;  // for http-01, until start()
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<net::Acceptor> acceptor_;
};

}  // namespace whirl::app
