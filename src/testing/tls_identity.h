#pragma once
#include <string>

namespace whirl::testing {

/// A key and a certificate for "localhost" that it signed itself, made anew for each test; both PEM.
struct TlsIdentity {
  TlsIdentity();
  std::string certificate;
  std::string key;
};

}  // namespace whirl::testing
