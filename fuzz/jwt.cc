// folders: auth
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "auth/endpoint_template.h"
#include "auth/jwt.h"
#include "auth/keys.h"
#include "auth/sign.h"
#include "auth/test_keys.h"
#include "auth/verifier.h"
#include "base/check.h"
#include "base/log.h"

namespace whirl::auth {
namespace {

constexpr std::string_view kSecret = "secret";

config::Token with_all_keys() {
  config::Token token;
  token.hmac_secret_key = kSecret;
  token.rsa_public_key = test::kPublicRsa;
  token.ecdsa_public_key = test::kPublicP256;
  token.audience_regex = "^(a|)";
  return token;
}

config::Token with_claim_rules() {
  config::Token token;
  token.hmac_secret_key = kSecret;
  token.user_id_claim = "uid";
  return token;
}

Verifier& verifier_of(const config::Token& token) {
  return *Verifier::create(token, {}).value().release();
}

bool signed_by_a_key(std::string_view token) {
  codec::Arena arena;
  const auto jwt = parse_jwt(token, arena);
  const auto algorithm = jwt ? algorithm_by_name(jwt->alg) : std::nullopt;
  if (!algorithm) return false;
  auto public_key = [&](std::string_view pem, Family family) {
    return PublicKey::from_pem(pem, family)->verify(*algorithm, jwt->signed_part, jwt->signature);
  };
  return HmacKey::create(kSecret)->verify(*algorithm, jwt->signed_part, jwt->signature) ||
         public_key(test::kPublicRsa, Family::rsa) || public_key(test::kPublicP256, Family::ecdsa);
}

/// What a good token says, whoever wrote it.
void check_promises(const ConnectVerdict& verdict) {
  WHIRL_CHECK(verdict || !verdict.error().reason.empty());
  if (!verdict) return;
  WHIRL_CHECK(verdict->expire_at >= 0);
  std::set<std::string> channels;
  for (const auto& sub : verdict->subs)
    WHIRL_CHECK(!sub.channel.empty() && channels.insert(sub.channel).second);
}
void check_promises(const SubscribeVerdict& verdict) {
  WHIRL_CHECK(verdict ? verdict->expire_at >= 0 && !verdict->channel.empty()
                      : !verdict.error().reason.empty());
}

/// No token is good that none of the keys signed.
void fuzz_token(std::string_view token) {
  static Verifier& verifier = verifier_of(with_all_keys());
  verifier.verify_connect(token, [&](ConnectVerdict verdict) {
    check_promises(verdict);
    if (verdict) WHIRL_CHECK(signed_by_a_key(token));
  });
  verifier.verify_subscribe(token, [&](SubscribeVerdict verdict) {
    check_promises(verdict);
    if (verdict) WHIRL_CHECK(signed_by_a_key(token));
  });
}

void fuzz_claims(std::string_view claims) {
  static Verifier& verifier = verifier_of(with_claim_rules());
  const std::string token = sign_hs(claims, kSecret).value();
  verifier.verify_connect(token, [](ConnectVerdict verdict) { check_promises(verdict); });
  verifier.verify_subscribe(token, [](SubscribeVerdict verdict) { check_promises(verdict); });
}

void fuzz_key_set(std::string_view document) {
  if (const auto keys = parse_jwks(document)) {
    for (const Jwk& key : *keys) WHIRL_CHECK(!key.takes(Algorithm::HS256) && !key.kid.empty());
  }
}

/// Whatever a token says, the host stays, and so do the parts of the path around the value.
void fuzz_endpoint(std::string_view value) {
  static const Regex regex = Regex::compile("(?s)(?P<x>.*)").value();
  static const auto endpoint =
      EndpointTemplate::parse("https://h.io/a/{{x}}/keys", &regex, nullptr, true).value();
  const auto url = endpoint.resolve({{"x", value}});
  if (!url) return;
  WHIRL_CHECK(url->starts_with("https://h.io/a/") && url->ends_with("/keys"));
  WHIRL_CHECK(url->find("/../") == url->npos && url->find_first_of("?#%\\ \n") == url->npos);
}

void fuzz_pattern(std::string_view pattern) {
  const auto regex = Regex::compile(pattern);
  if (!regex || !check_lists_values(pattern, "x")) return;
  // A group that lists values does not take one out of the air.
  Regex::Groups groups;
  if (!regex->match_groups("\x01\x02 anything", Regex::Anchor::whole_text, groups)) return;
  for (const auto& [name, matched] : groups) {
    if (name == "x") WHIRL_CHECK(matched.size() <= pattern.size());
  }
}

}  // namespace
}  // namespace whirl::auth

/// The first character says what follows it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (whirl::log::set_level(whirl::log::Level::none), true);
  if (size == 0 || !quiet) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 't':
      whirl::auth::fuzz_token(rest);
      break;
    case 'c':
      whirl::auth::fuzz_claims(rest);
      break;
    case 'k':
      whirl::auth::fuzz_key_set(rest);
      break;
    case 'e':
      whirl::auth::fuzz_endpoint(rest);
      break;
    case 'p':
      whirl::auth::fuzz_pattern(rest);
      break;
    default:
      break;
  }
  return 0;
}
