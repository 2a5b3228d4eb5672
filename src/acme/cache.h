#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/tls_certificate.h"

namespace whirl::acme {

/// Keeps the account key and the certificates as files of a directory, named and laid out as Centrifugo's (so
/// a directory of that one goes on being used). Without a directory it keeps nothing. Blocks for as long as
/// small files take.
class Cache {
 public:
  explicit Cache(std::string directory) : directory_(std::move(directory)) {}

  /// Makes the directory if it is missing; fails if it cannot be written to.
  Result<> prepare() const;
  /// Empty if there is none.
  std::string account_key() const;
  Result<> keep_account_key(const std::string& pem) const;
  /// A key and the certificate with its chain in one text; empty if there is none.
  std::string certificate(const std::string& host) const;
  Result<> keep_certificate(const std::string& host, const std::string& pem) const;

 private:
  std::string read(const std::string& name) const;
  Result<> write(const std::string& name, const std::string& text) const;

  std::string directory_;
};

}  // namespace whirl::acme
