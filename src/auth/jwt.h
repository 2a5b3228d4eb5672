#pragma once
#include <string_view>

#include "base/result.h"
#include "codec/arena.h"

namespace whirl::auth {

/// A token taken apart, nothing in it believed yet. Views into the token's text and the arena.
struct Jwt {
  std::string_view signed_part;  ///< header and claims as they came, which is what the signature is of
  std::string_view alg;
  std::string_view kid;
  std::string_view claims;  ///< decoded JSON
  std::string_view signature;
};

/// Three parts between dots, each in base64url, the first a JSON object. Claims are not looked at.
Result<Jwt> parse_jwt(std::string_view token, codec::Arena& arena);

}  // namespace whirl::auth
