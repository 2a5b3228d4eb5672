#include "auth/jwk.h"

#include "base/base64.h"
#include "base/log.h"
#include "codec/json.h"
#include "codec/table.h"

namespace whirl::auth {
namespace {

struct KeyMessage {
  std::string_view kty;
  std::string_view kid;
  std::string_view use;
  std::string_view alg;
  std::string_view crv;
  std::string_view n;
  std::string_view e;
  std::string_view x;
  std::string_view y;
};

struct SetMessage {
  codec::List<KeyMessage> keys;
};

Result<std::string> number(std::string_view base64url) {
  while (base64url.ends_with('=')) base64url.remove_suffix(1);
  std::string bytes;
  if (base64url.empty() || !decode_base64url(base64url, bytes))
    return fail("a number is missing or not base64url");
  return bytes;
}

Result<PublicKey> rsa(const KeyMessage& message) {
  const auto n = number(message.n);
  const auto e = number(message.e);
  if (!n || !e) return tl::unexpected(n ? e.error() : n.error());
  return PublicKey::from_rsa(*n, *e);
}

Result<PublicKey> ec(const KeyMessage& message) {
  const auto x = number(message.x);
  const auto y = number(message.y);
  if (!x || !y) return tl::unexpected(x ? y.error() : x.error());
  return PublicKey::from_ec(message.crv, *x, *y);
}

Result<PublicKey> okp(const KeyMessage& message) {
  if (message.crv != "Ed25519") return fail("unknown curve {}", message.crv);
  const auto x = number(message.x);
  if (!x) return tl::unexpected(x.error());
  return PublicKey::from_ed25519(*x);
}

struct KeyType {
  std::string_view kty;
  Result<PublicKey> (*read)(const KeyMessage&);
};
constexpr KeyType kKeyTypes[] = {{"RSA", rsa}, {"EC", ec}, {"OKP", okp}};

Result<Jwk> read_key(const KeyMessage& message) {
  for (const auto& type : kKeyTypes) {
    if (type.kty != message.kty) continue;
    auto key = type.read(message);
    if (!key) return tl::unexpected(key.error());
    // An Ed25519 key has one algorithm whatever it is called.
    const auto alg = key->family() == Family::eddsa ? Algorithm::EdDSA : algorithm_by_name(message.alg);
    if (!message.alg.empty() && !(alg && key->fits(*alg)))
      return fail("algorithm {} is not for this key", message.alg);
    return Jwk{std::string(message.kid), alg, std::move(*key)};
  }
  return fail("unknown key type {}", message.kty);
}

}  // namespace
}  // namespace whirl::auth

template <>
struct whirl::codec::Schema<whirl::auth::KeyMessage> {
  using M = auth::KeyMessage;
  static constexpr auto fields =
      std::tuple{field<1>("kty", &M::kty), field<2>("kid", &M::kid), field<3>("use", &M::use),
                 field<4>("alg", &M::alg), field<5>("crv", &M::crv), field<6>("n", &M::n),
                 field<7>("e", &M::e),     field<8>("x", &M::x),     field<9>("y", &M::y)};
};

template <>
struct whirl::codec::Schema<whirl::auth::SetMessage> {
  static constexpr auto fields = std::tuple{field<1>("keys", &auth::SetMessage::keys)};
};

namespace whirl::auth {

Result<std::vector<Jwk>> parse_jwks(std::string_view document) {
  codec::Arena arena;
  SetMessage set;
  if (auto read = codec::decode_json_document(document, set, arena); !read) {
    return fail("not a JSON Web Key Set: {}", read.error().message);
  }
  std::vector<Jwk> keys;
  for (const KeyMessage& message : set.keys) {
    if (message.use != "sig" || message.kid.empty()) continue;
    if (auto key = read_key(message)) {
      keys.push_back(std::move(*key));
    } else {
      log::info("key of a JWKS left out", {{"kid", message.kid}, {"reason", key.error().message}});
    }
  }
  return keys;
}

}  // namespace whirl::auth
