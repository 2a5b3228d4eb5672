#pragma once
#include <memory>
#include <string_view>

#include "auth/jwks.h"
#include "auth/tokens.h"
#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "config/sections/token.h"

namespace whirl::auth {

/// Verifies connection and subscription tokens by one section of the configuration. Lives on one loop, whose
/// context owns it; a reload replaces it. Destroying it answers those who wait for keys with
/// Failure::unavailable.
class Verifier {
 public:
  struct Options {
    bool skip_signature = false;     ///< client.insecure_skip_token_signature_verify
    JwksFetcher* fetcher = nullptr;  ///< needed where jwks_public_endpoint is set; outlives the verifier
    const Clock* clock = &system_clock();
  };

  /// Fails on what is wrong with the section: keys that are no keys, expressions that can't be compiled, a
  /// value and an expression for the same claim, an unsafe endpoint. With an endpoint only its keys are used,
  /// without one only those of the section.
  static Result<std::unique_ptr<Verifier>> create(const config::Token& token, Options options);
  ~Verifier();

  /// Calls back before returning unless keys must be fetched first. The token is borrowed for the call.
  void verify_connect(std::string_view token, UniqueFunction<void(ConnectVerdict)> done);
  void verify_subscribe(std::string_view token, UniqueFunction<void(SubscribeVerdict)> done);

 private:
  class Impl;
  explicit Verifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace whirl::auth
