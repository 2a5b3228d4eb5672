#pragma once
#include <cstdint>
#include <string>

#include "config/table_fwd.h"

namespace whirl::config {

/// How connection tokens (JWT) are verified.
struct Token {
  std::string hmac_secret_key;
  std::string hmac_previous_secret_key;
  std::int64_t hmac_previous_secret_key_valid_until = 0;
  std::string rsa_public_key;
  std::string ecdsa_public_key;
  std::string jwks_public_endpoint;
  std::string audience;
  std::string audience_regex;
  std::string issuer;
  std::string issuer_regex;
  std::string user_id_claim;
  bool insecure_skip_jwks_endpoint_safety_check = false;

  static const Table& table();
};

/// How subscription tokens are verified, if not as connection tokens.
struct SubscriptionToken : Token {
  bool enabled = false;

  static const Table& table();
};

}  // namespace whirl::config
