#include "config/sections/token.h"

#include "config/table.h"

namespace whirl::config {

const Table& Token::table() {
  static const Row<Token> rows[] = {
      {"hmac_secret_key", &Token::hmac_secret_key,
       "Key of tokens that are signed with HS256, HS384 or HS512.", kSecret},
      {"hmac_previous_secret_key", &Token::hmac_previous_secret_key,
       "Former HMAC key, accepted beside the current one while keys are exchanged.", kSecret},
      {"hmac_previous_secret_key_valid_until", &Token::hmac_previous_secret_key_valid_until,
       "Unix time in seconds from which on the former key is refused; 0 means no end."},
      {"rsa_public_key", &Token::rsa_public_key, "Public key in PEM for RS256, RS384 and RS512."},
      {"ecdsa_public_key", &Token::ecdsa_public_key, "Public key in PEM for ES256, ES384 and ES512."},
      {"jwks_public_endpoint", &Token::jwks_public_endpoint,
       "URL to fetch public keys from, as a JSON Web Key Set."},
      {"audience", &Token::audience, "Value that the claim `aud` must have."},
      {"audience_regex", &Token::audience_regex,
       "Regular expression that `aud` must match; its named groups may be used in the JWKS URL."},
      {"issuer", &Token::issuer, "Value that the claim `iss` must have."},
      {"issuer_regex", &Token::issuer_regex,
       "Regular expression that `iss` must match; its named groups may be used in the JWKS URL."},
      {"user_id_claim", &Token::user_id_claim, "Claim to take the user ID from; empty means `sub`."},
      {"insecure_skip_jwks_endpoint_safety_check", &Token::insecure_skip_jwks_endpoint_safety_check,
       "Accepts a JWKS URL with parts from the token that could lead anywhere."},
  };
  static const Table table("Token", rows);
  return table;
}

const Table& SubscriptionToken::table() {
  static const Row<SubscriptionToken> rows[] = {
      {"enabled", &SubscriptionToken::enabled,
       "Uses this section for subscription tokens instead of `client.token`."},
      Base<Token>{},
  };
  static const Table table("SubscriptionToken", rows);
  return table;
}

}  // namespace whirl::config
