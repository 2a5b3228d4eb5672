#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace whirl::auth {

/// Signature algorithms of tokens. There is no "none", and no PS*: Centrifugo takes neither.
enum class Algorithm : std::uint8_t { HS256, HS384, HS512, RS256, RS384, RS512, ES256, ES384, ES512, EdDSA };

/// What kind of key an algorithm works with. A key is never used with an algorithm of another family.
enum class Family : std::uint8_t { hmac, rsa, ecdsa, eddsa };

/// One row per algorithm.
struct AlgorithmInfo {
  Algorithm algorithm;
  std::string_view name;  ///< as in the token's header
  Family family;
  const char* digest;  ///< OpenSSL's name; null where the algorithm has its own
  int curve_bits;      ///< ecdsa: the only size of curve that goes with it, else 0
};

const AlgorithmInfo& info(Algorithm algorithm);

/// Nothing for a name that is not on the list. Names are compared exactly.
std::optional<Algorithm> algorithm_by_name(std::string_view name);

}  // namespace whirl::auth
