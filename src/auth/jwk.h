#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/keys.h"
#include "base/result.h"

namespace whirl::auth {

/// A key for signatures out of a JSON Web Key Set.
struct Jwk {
  std::string kid;
  std::optional<Algorithm> alg;  ///< the only algorithm that the set allows for the key, if it names one
  PublicKey key;

  /// Whether a token may name the algorithm together with this key.
  bool takes(Algorithm algorithm) const { return key.fits(algorithm) && (!alg || *alg == algorithm); }
};

/// Reads a key set. Keys which are not for signatures ("use" other than "sig"), have no id, are of an unknown
/// kind or malformed are left out. Fails if the document is no key set.
Result<std::vector<Jwk>> parse_jwks(std::string_view document);

}  // namespace whirl::auth
