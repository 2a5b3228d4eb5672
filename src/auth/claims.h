#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/result.h"
#include "codec/arena.h"
#include "codec/table.h"

/// What tokens say, as field tables. Values that JWT writes in more than one way stay raw and are read by the
/// functions below.
namespace whirl::auth {

struct RegisteredClaims {
  std::string_view jti;
  std::string_view iss;
  std::string_view sub;
  codec::Raw aud;
  codec::Raw exp;
  codec::Raw nbf;
  codec::Raw iat;
};

struct FlagClaim {
  bool value = false;
};

struct OverrideClaim {
  const FlagClaim* presence = nullptr;
  const FlagClaim* join_leave = nullptr;
  const FlagClaim* force_push_join_leave = nullptr;
  const FlagClaim* force_positioning = nullptr;
  const FlagClaim* force_recovery = nullptr;
};

/// Options of one subscription: an entry of `subs`.
struct SubscriptionClaim {
  codec::Raw info;
  std::string_view b64info;
  codec::Raw data;
  std::string_view b64data;
  const OverrideClaim* override = nullptr;
};

struct ConnectClaims : RegisteredClaims {
  codec::Raw expire_at;
  codec::Raw info;
  std::string_view b64info;
  codec::List<std::string_view> channels;
  codec::Map<SubscriptionClaim> subs;
  codec::Raw meta;
  std::string_view channel;  ///< belongs to subscription tokens only
};

struct SubscribeClaims : RegisteredClaims, SubscriptionClaim {
  std::string_view channel;
  std::string_view client;
  codec::Raw expire_at;
};

/// Seconds since 1970 of exp, nbf or iat: a number, or one in a text; nothing if the claim is absent or null.
Result<std::optional<double>> numeric_date(codec::Raw claim);

/// A whole number; nothing if the claim is absent or null.
Result<std::optional<std::int64_t>> whole_number(codec::Raw claim);

/// The audiences of aud: a text or a list of texts, empty if absent.
Result<codec::List<std::string_view>> audiences(codec::Raw claim, codec::Arena& arena);

/// The value of a claim by its exact name as a user id: texts as they are, numbers and booleans as written,
/// objects and lists as JSON; empty if absent or null. `claims` is a valid JSON value.
std::string claim_text(std::string_view claims, std::string_view name, codec::Arena& arena);

}  // namespace whirl::auth

namespace whirl::codec {

/// The fields that both kinds of tokens have; numbers 1 to 7.
template <class M>
constexpr auto registered_fields() {
  return std::tuple{field<1, M, std::string_view>("jti", &M::jti),
                    field<2, M, std::string_view>("iss", &M::iss),
                    field<3, M, std::string_view>("sub", &M::sub),
                    field<4, M, Raw>("aud", &M::aud),
                    field<5, M, Raw>("exp", &M::exp),
                    field<6, M, Raw>("nbf", &M::nbf),
                    field<7, M, Raw>("iat", &M::iat)};
}

/// The fields that subscriptions have, in a token of their own or inside one; numbers 11 to 15.
template <class M>
constexpr auto subscription_fields() {
  return std::tuple{
      field<11, M, Raw>("info", &M::info), field<12, M, std::string_view>("b64info", &M::b64info),
      field<13, M, Raw>("data", &M::data), field<14, M, std::string_view>("b64data", &M::b64data),
      field<15, M, const auth::OverrideClaim*>("override", &M::override)};
}

template <>
struct Schema<auth::FlagClaim> {
  static constexpr auto fields = std::tuple{field<1>("value", &auth::FlagClaim::value)};
};

template <>
struct Schema<auth::OverrideClaim> {
  using M = auth::OverrideClaim;
  static constexpr auto fields = std::tuple{
      field<1>("presence", &M::presence), field<2>("join_leave", &M::join_leave),
      field<3>("force_push_join_leave", &M::force_push_join_leave),
      field<4>("force_positioning", &M::force_positioning), field<5>("force_recovery", &M::force_recovery)};
};

template <>
struct Schema<auth::SubscriptionClaim> {
  static constexpr auto fields = subscription_fields<auth::SubscriptionClaim>();
};

template <>
struct Schema<auth::ConnectClaims> {
  using M = auth::ConnectClaims;
  static constexpr auto fields = std::tuple_cat(
      registered_fields<M>(), std::tuple{field<21>("expire_at", &M::expire_at), field<22>("info", &M::info),
                                         field<23>("b64info", &M::b64info),
                                         field<24>("channels", &M::channels), field<25>("subs", &M::subs),
                                         field<26>("meta", &M::meta), field<27>("channel", &M::channel)});
};

template <>
struct Schema<auth::SubscribeClaims> {
  using M = auth::SubscribeClaims;
  static constexpr auto fields =
      std::tuple_cat(registered_fields<M>(), subscription_fields<M>(),
                     std::tuple{field<21>("channel", &M::channel), field<22>("client", &M::client),
                                field<23>("expire_at", &M::expire_at)});
};

}  // namespace whirl::codec
