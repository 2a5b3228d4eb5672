#include "auth/token_reader.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"

namespace whirl::auth {
namespace {

Result<TokenTimes> read_times(const RegisteredClaims& claims, codec::Raw expire_at) {
  TokenTimes times;
  const auto exp = numeric_date(claims.exp);
  const auto nbf = numeric_date(claims.nbf);
  const auto iat = numeric_date(claims.iat);
  const auto until = whole_number(expire_at);
  if (!exp) return fail("exp is {}", exp.error().message);
  if (!nbf) return fail("nbf is {}", nbf.error().message);
  if (!iat) return fail("iat is {}", iat.error().message);
  if (!until) return fail("expire_at is {}", until.error().message);
  times.exp = *exp;
  times.nbf = *nbf;
  times.expire_at = *until;
  return times;
}

/// Both ends are exclusive: at the second of exp, or of nbf, a token is not valid.
bool is_valid_at(const TokenTimes& times, std::int64_t unix_ms) {
  const double now = static_cast<double>(unix_ms) / 1000;
  return (!times.exp || *times.exp > now) && (!times.nbf || *times.nbf < now);
}

/// expire_at has the say if it is there, even with 0 for "never"; otherwise what it is about expires with the
/// token.
std::int64_t expiry(const TokenTimes& times) {
  if (times.expire_at) return std::max<std::int64_t>(*times.expire_at, 0);
  return times.exp ? static_cast<std::int64_t>(*times.exp) : 0;
}

/// The base64 form wins where both are there. False if it is malformed.
bool read_payload(codec::Raw raw, std::string_view base64, std::string& out) {
  if (!base64.empty()) return decode_base64(base64, out);
  out = raw.bytes;
  return true;
}

std::optional<bool> flag(const FlagClaim* claim) {
  return claim ? std::optional<bool>(claim->value) : std::nullopt;
}

channel::SubscribeOverride read_override(const OverrideClaim* claim) {
  if (!claim) return {};
  return {.presence = flag(claim->presence),
          .join_leave = flag(claim->join_leave),
          .force_push_join_leave = flag(claim->force_push_join_leave),
          .force_positioning = flag(claim->force_positioning),
          .force_recovery = flag(claim->force_recovery)};
}

tl::unexpected<TokenError> refuse(Failure failure, std::string reason) {
  return tl::unexpected(TokenError{failure, std::move(reason)});
}

/// False if a base64 form is malformed.
bool read_subs(const ConnectClaims& claims, std::vector<TokenSubscription>& subs) {
  for (const auto& [name, claim] : claims.subs) {
    if (name.empty()) continue;
    TokenSubscription& sub = subs.emplace_back();
    sub.channel = name;
    sub.override = read_override(claim.override);
    if (!read_payload(claim.info, claim.b64info, sub.info)) return false;
    if (!read_payload(claim.data, claim.b64data, sub.data)) return false;
  }
  if (!claims.subs.empty()) return true;
  std::vector<std::string_view> names(claims.channels.begin(), claims.channels.end());
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) {
    if (!name.empty()) subs.emplace_back().channel = name;
  }
  return true;
}

}  // namespace

Result<TokenTimes> read_times(const ConnectClaims& claims) {
  return read_times(claims, claims.expire_at);
}
Result<TokenTimes> read_times(const SubscribeClaims& claims) {
  return read_times(claims, claims.expire_at);
}

ConnectVerdict read_token(const ConnectClaims& claims, const TokenTimes& times, std::string user,
                          std::int64_t unix_ms) {
  if (!claims.channel.empty()) {
    return refuse(Failure::invalid,
                  "a connection token has no channel claim, that is for subscription tokens");
  }
  if (!is_valid_at(times, unix_ms)) return refuse(Failure::expired, "exp has passed or nbf has not come yet");
  ConnectToken token;
  token.user = std::move(user);
  token.expire_at = expiry(times);
  token.meta = claims.meta.bytes;
  if (!read_subs(claims, token.subs))
    return refuse(Failure::invalid, "b64info or b64data of subs is not base64");
  if (!read_payload(claims.info, claims.b64info, token.info)) {
    return refuse(Failure::internal, "b64info is not base64");
  }
  return token;
}

SubscribeVerdict read_token(const SubscribeClaims& claims, const TokenTimes& times, std::string user,
                            std::int64_t unix_ms) {
  if (!is_valid_at(times, unix_ms)) return refuse(Failure::expired, "exp has passed or nbf has not come yet");
  if (claims.channel.empty()) return refuse(Failure::invalid, "a subscription token needs a channel claim");
  SubscribeToken token;
  token.user = std::move(user);
  token.channel = claims.channel;
  token.client = claims.client;
  token.expire_at = expiry(times);
  token.override = read_override(claims.override);
  if (!read_payload(claims.info, claims.b64info, token.info) ||
      !read_payload(claims.data, claims.b64data, token.data)) {
    return refuse(Failure::invalid, "b64info or b64data is not base64");
  }
  return token;
}

}  // namespace whirl::auth
