#pragma once
#include <string>
#include <string_view>

#include "auth/algorithm.h"
#include "base/result.h"

namespace whirl::auth {

/// A token with the claims (a JSON object) as they are, signed with a shared secret by HS256, HS384 or HS512.
Result<std::string> sign_hs(std::string_view claims_json, std::string_view secret,
                            Algorithm algorithm = Algorithm::HS256);

/// The same signed with a private key in PEM form, by an algorithm of the key's kind. `kid` goes into the
/// header if it is not empty.
Result<std::string> sign_with_key(std::string_view claims_json, std::string_view private_key_pem,
                                  Algorithm algorithm, std::string_view kid = {});

}  // namespace whirl::auth
