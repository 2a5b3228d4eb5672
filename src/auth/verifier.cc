#include "auth/verifier.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "auth/claims.h"
#include "auth/endpoint_template.h"
#include "auth/jwt.h"
#include "auth/local_keys.h"
#include "auth/token_reader.h"
#include "base/check.h"
#include "codec/json.h"

namespace whirl::auth {
namespace {

tl::unexpected<TokenError> refuse(Failure failure, std::string reason) {
  return tl::unexpected(TokenError{failure, std::move(reason)});
}
tl::unexpected<TokenError> invalid(std::string reason) {
  return refuse(Failure::invalid, std::move(reason));
}

/// What is asked of one claim: nothing, an exact value, or an expression.
struct ClaimRule {
  std::string exact;
  std::optional<Regex> regex;
  Regex::Anchor anchor = Regex::Anchor::none;
};

Result<ClaimRule> claim_rule(std::string_view name, const std::string& exact, const std::string& pattern) {
  if (!exact.empty() && !pattern.empty()) return fail("only one of {} and {}_regex can be set", name, name);
  ClaimRule rule;
  rule.exact = exact;
  if (!pattern.empty()) {
    auto regex = Regex::compile(pattern);
    if (!regex) return fail("{}_regex: {}", name, regex.error().message);
    rule.regex = std::move(*regex);
  }
  return rule;
}

}  // namespace

class Verifier::Impl {
 public:
  Impl(const config::Token& token, Options options)
      : options_(options), user_id_claim_(token.user_id_claim) {}

  Result<> configure(const config::Token& token);

  /// What a pass over a token brings besides a verdict.
  struct Keys {
    std::string url;
    bool has_waited = false;  ///< they were fetched for this token
  };
  /// One pass over the token. nullopt: the keys must be fetched from their URL first.
  template <class Claims, class Token>
  std::optional<tl::expected<Token, TokenError>> check(std::string_view token, Keys& keys);

  template <class Claims, class Token>
  void verify(std::string_view token, UniqueFunction<void(tl::expected<Token, TokenError>)> done);

 private:
  enum class Signature : std::uint8_t { good, wait };

  tl::expected<void, TokenError> match_claims(const RegisteredClaims& claims, Regex::Groups& groups);
  tl::expected<Signature, TokenError> check_signature(const Jwt& jwt, const Regex::Groups& groups,
                                                      Keys& keys);
  tl::expected<Signature, TokenError> check_by_jwks(const Jwt& jwt, const Regex::Groups& groups, Keys& keys);
  tl::expected<void, TokenError> check_exact_claims(const RegisteredClaims& claims);

  const Options options_;
  const std::string user_id_claim_;
  ClaimRule issuer_;
  ClaimRule audience_;
  std::optional<EndpointTemplate> endpoint_;
  std::optional<LocalKeys> local_;
  codec::Arena arena_;        // of the pass under way
  std::optional<Jwks> jwks_;  // the last member: it answers those who wait while the rest is still there
};

Result<> Verifier::Impl::configure(const config::Token& token) {
  auto issuer = claim_rule("issuer", token.issuer, token.issuer_regex);
  if (!issuer) return tl::unexpected(issuer.error());
  issuer_ = std::move(*issuer);
  auto audience = claim_rule("audience", token.audience, token.audience_regex);
  if (!audience) return tl::unexpected(audience.error());
  audience_ = std::move(*audience);

  if (token.jwks_public_endpoint.empty()) {
    auto local = LocalKeys::create(token);
    if (!local) return tl::unexpected(local.error());
    local_ = std::move(*local);
    return {};
  }
  WHIRL_CHECK(options_.fetcher != nullptr);
  auto endpoint = EndpointTemplate::parse(
      token.jwks_public_endpoint, issuer_.regex ? &*issuer_.regex : nullptr,
      audience_.regex ? &*audience_.regex : nullptr, token.insecure_skip_jwks_endpoint_safety_check);
  if (!endpoint) return tl::unexpected(endpoint.error());
  endpoint_ = std::move(*endpoint);
  for (ClaimRule* rule : {&issuer_, &audience_}) {
    if (rule->regex && endpoint_->uses_group_of(*rule->regex)) rule->anchor = Regex::Anchor::whole_text;
  }
  jwks_.emplace(*options_.fetcher, *options_.clock);
  return {};
}

/// The expressions come before the signature, because the key set may depend on what they match.
tl::expected<void, TokenError> Verifier::Impl::match_claims(const RegisteredClaims& claims,
                                                            Regex::Groups& groups) {
  if (issuer_.regex && !issuer_.regex->match_groups(claims.iss, issuer_.anchor, groups)) {
    return invalid("iss does not match issuer_regex");
  }
  if (!audience_.regex) return {};
  const auto all = audiences(claims.aud, arena_);
  if (!all) return invalid(all.error().message);
  for (const std::string_view one : *all) {
    if (audience_.regex->match_groups(one, audience_.anchor, groups)) return {};
  }
  return invalid("no aud matches audience_regex");
}

tl::expected<void, TokenError> Verifier::Impl::check_exact_claims(const RegisteredClaims& claims) {
  const auto all = audiences(claims.aud, arena_);
  if (!all) return invalid(all.error().message);
  if (!audience_.exact.empty() && std::ranges::count(*all, std::string_view(audience_.exact)) == 0) {
    return invalid("aud is not the configured audience");
  }
  if (!issuer_.exact.empty() && claims.iss != issuer_.exact)
    return invalid("iss is not the configured issuer");
  return {};
}

auto Verifier::Impl::check_signature(const Jwt& jwt, const Regex::Groups& groups, Keys& keys)
    -> tl::expected<Signature, TokenError> {
  if (options_.skip_signature) return Signature::good;
  if (jwks_) return check_by_jwks(jwt, groups, keys);
  if (auto good = local_->verify(jwt, options_.clock->unix_ms() / 1000); !good)
    return invalid(good.error().message);
  return Signature::good;
}

auto Verifier::Impl::check_by_jwks(const Jwt& jwt, const Regex::Groups& groups, Keys& keys)
    -> tl::expected<Signature, TokenError> {
  const auto algorithm = algorithm_by_name(jwt.alg);
  if (!algorithm || info(*algorithm).family == Family::hmac) {
    return invalid(fmt::format("unsupported algorithm \"{}\" for keys of a JWKS", jwt.alg));
  }
  if (jwt.kid.empty()) return invalid("the token names no key (kid)");
  auto resolved = endpoint_->resolve(groups);
  if (!resolved) return invalid(resolved.error().message);
  keys.url = std::move(*resolved);

  const auto found = jwks_->find(keys.url, jwt.kid, keys.has_waited);
  switch (found.answer) {
    case JwksState::Answer::wait:
      return Signature::wait;
    case JwksState::Answer::unavailable:
      return refuse(Failure::unavailable, "the JWKS could not be fetched");
    case JwksState::Answer::unknown:
      return invalid("no key of that kid is in the JWKS");
    case JwksState::Answer::use:
      break;
  }
  for (const Jwk* key : found.keys) {
    if (key->takes(*algorithm) && key->key.verify(*algorithm, jwt.signed_part, jwt.signature))
      return Signature::good;
  }
  return invalid("the signature is not of the key in the JWKS");
}

template <class Claims, class Token>
std::optional<tl::expected<Token, TokenError>> Verifier::Impl::check(std::string_view token, Keys& keys) {
  arena_.reset();
  const auto jwt = parse_jwt(token, arena_);
  if (!jwt) return invalid(jwt.error().message);
  Claims claims;
  if (auto read = codec::decode_json_document(jwt->claims, claims, arena_); !read) {
    return invalid(read.error().message);
  }
  const auto times = read_times(claims);
  if (!times) return invalid(times.error().message);

  Regex::Groups groups;
  if (auto matched = match_claims(claims, groups); !matched) return tl::unexpected(matched.error());
  const auto signature = check_signature(*jwt, groups, keys);
  if (!signature) return tl::unexpected(signature.error());
  if (*signature == Signature::wait) return std::nullopt;
  if (auto exact = check_exact_claims(claims); !exact) return tl::unexpected(exact.error());

  std::string user(claims.sub);
  if (!user_id_claim_.empty()) user = claim_text(jwt->claims, user_id_claim_, arena_);
  return read_token(claims, *times, std::move(user), options_.clock->unix_ms());
}

template <class Claims, class Token>
void Verifier::Impl::verify(std::string_view token,
                            UniqueFunction<void(tl::expected<Token, TokenError>)> done) {
  Keys keys;
  if (auto verdict = check<Claims, Token>(token, keys)) return done(std::move(*verdict));
  jwks_->wait(keys.url, [this, kept = std::string(token), done = std::move(done)](bool fetched) mutable {
    std::optional<tl::expected<Token, TokenError>> verdict;
    Keys brought{.url = {}, .has_waited = true};
    if (fetched) verdict = check<Claims, Token>(kept, brought);
    if (!verdict) verdict = refuse(Failure::unavailable, "the JWKS could not be fetched");
    done(std::move(*verdict));
  });
}

Verifier::Verifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Verifier::~Verifier() = default;

Result<std::unique_ptr<Verifier>> Verifier::create(const config::Token& token, Options options) {
  auto impl = std::make_unique<Impl>(token, options);
  if (auto configured = impl->configure(token); !configured) return tl::unexpected(configured.error());
  return std::unique_ptr<Verifier>(new Verifier(std::move(impl)));
}

void Verifier::verify_connect(std::string_view token, UniqueFunction<void(ConnectVerdict)> done) {
  impl_->verify<ConnectClaims, ConnectToken>(token, std::move(done));
}

void Verifier::verify_subscribe(std::string_view token, UniqueFunction<void(SubscribeVerdict)> done) {
  impl_->verify<SubscribeClaims, SubscribeToken>(token, std::move(done));
}

}  // namespace whirl::auth
