#include "auth/algorithm.h"

#include <array>

namespace whirl::auth {
namespace {

constexpr std::array kAlgorithms = {
    AlgorithmInfo{Algorithm::HS256, "HS256", Family::hmac, "SHA256", 0},
    AlgorithmInfo{Algorithm::HS384, "HS384", Family::hmac, "SHA384", 0},
    AlgorithmInfo{Algorithm::HS512, "HS512", Family::hmac, "SHA512", 0},
    AlgorithmInfo{Algorithm::RS256, "RS256", Family::rsa, "SHA256", 0},
    AlgorithmInfo{Algorithm::RS384, "RS384", Family::rsa, "SHA384", 0},
    AlgorithmInfo{Algorithm::RS512, "RS512", Family::rsa, "SHA512", 0},
    AlgorithmInfo{Algorithm::ES256, "ES256", Family::ecdsa, "SHA256", 256},
    AlgorithmInfo{Algorithm::ES384, "ES384", Family::ecdsa, "SHA384", 384},
    AlgorithmInfo{Algorithm::ES512, "ES512", Family::ecdsa, "SHA512", 521},
    AlgorithmInfo{Algorithm::EdDSA, "EdDSA", Family::eddsa, nullptr, 0},
};

}  // namespace

const AlgorithmInfo& info(Algorithm algorithm) {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}

std::optional<Algorithm> algorithm_by_name(std::string_view name) {
  for (const auto& row : kAlgorithms) {
    if (row.name == name) return row.algorithm;
  }
  return std::nullopt;
}

}  // namespace whirl::auth
