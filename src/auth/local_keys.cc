#include "auth/local_keys.h"

namespace whirl::auth {

Result<LocalKeys> LocalKeys::create(const config::Token& token) {
  LocalKeys keys;
  auto secret = [](const std::string& text, std::optional<HmacKey>& key) -> Result<> {
    if (text.empty()) return {};
    auto made = HmacKey::create(text);
    if (!made) return tl::unexpected(made.error());
    key = std::move(*made);
    return {};
  };
  auto pem = [](const std::string& text, const char* option, Family family,
                std::optional<PublicKey>& key) -> Result<> {
    if (text.empty()) return {};
    auto read = PublicKey::from_pem(text, family);
    if (!read)
      return fail("{}: {}; give a public key or a certificate in PEM form", option, read.error().message);
    key = std::move(*read);
    return {};
  };
  for (auto step : {secret(token.hmac_secret_key, keys.hmac_),
                    secret(token.hmac_previous_secret_key, keys.previous_hmac_),
                    pem(token.rsa_public_key, "rsa_public_key", Family::rsa, keys.rsa_),
                    pem(token.ecdsa_public_key, "ecdsa_public_key", Family::ecdsa, keys.ecdsa_)}) {
    if (!step) return tl::unexpected(step.error());
  }
  keys.previous_hmac_until_ = token.hmac_previous_secret_key_valid_until;
  return keys;
}

Result<> LocalKeys::verify(const Jwt& jwt, std::int64_t unix_seconds) {
  const auto algorithm = algorithm_by_name(jwt.alg);
  if (!algorithm) return fail("unsupported algorithm \"{}\"", jwt.alg);
  bool good = false;
  bool have_key = false;
  switch (info(*algorithm).family) {
    case Family::hmac: {
      const bool previous_counts =
          previous_hmac_ && (previous_hmac_until_ <= 0 || unix_seconds <= previous_hmac_until_);
      have_key = hmac_ || previous_counts;
      good = (hmac_ && hmac_->verify(*algorithm, jwt.signed_part, jwt.signature)) ||
             (previous_counts && previous_hmac_->verify(*algorithm, jwt.signed_part, jwt.signature));
      break;
    }
    case Family::rsa:
      have_key = rsa_.has_value();
      good = rsa_ && rsa_->verify(*algorithm, jwt.signed_part, jwt.signature);
      break;
    case Family::ecdsa:
      have_key = ecdsa_ && ecdsa_->fits(*algorithm);
      good = ecdsa_ && ecdsa_->verify(*algorithm, jwt.signed_part, jwt.signature);
      break;
    case Family::eddsa:  // through JWKS only
      break;
  }
  if (!have_key) return fail("no key is configured for algorithm {}", jwt.alg);
  if (!good) return fail("the signature is not of the configured key");
  return {};
}

}  // namespace whirl::auth
