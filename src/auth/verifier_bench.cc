#include "auth/verifier.h"

#include <benchmark/benchmark.h>

#include "auth/sign.h"
#include "auth/test_keys.h"

namespace whirl::auth {
namespace {

void verify(benchmark::State& state, const std::string& token) {
  config::Token config;
  config.hmac_secret_key = "secret";
  config.rsa_public_key = test::kPublicRsa;
  config.ecdsa_public_key = test::kPublicP256;
  auto verifier = *Verifier::create(config, {});
  for (auto _ : state) {
    verifier->verify_connect(token, [](ConnectVerdict verdict) { benchmark::DoNotOptimize(verdict->user); });
  }
}

const std::string kClaims = R"({"sub":"42","exp":4102444800,"iat":1700000000,"info":{"name":"Ann"}})";

void BM_VerifyHS256(benchmark::State& state) {
  verify(state, *sign_hs(kClaims, "secret"));
}
void BM_VerifyRS256(benchmark::State& state) {
  verify(state, *sign_with_key(kClaims, test::kPrivateRsa, Algorithm::RS256));
}
void BM_VerifyES256(benchmark::State& state) {
  verify(state, *sign_with_key(kClaims, test::kPrivateP256, Algorithm::ES256));
}

BENCHMARK(BM_VerifyHS256);
BENCHMARK(BM_VerifyRS256);
BENCHMARK(BM_VerifyES256);

}  // namespace
}  // namespace whirl::auth
