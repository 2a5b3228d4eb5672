#include "auth/keys.h"

#include <gtest/gtest.h>

#include "auth/jwt.h"
#include "auth/sign.h"
#include "auth/test_keys.h"

namespace whirl::auth {
namespace {

using namespace test;

PublicKey pem(std::string_view text, Family family) {
  auto key = PublicKey::from_pem(text, family);
  EXPECT_TRUE(key.has_value()) << key.error().message;
  return *key;
}

struct KeyPair {
  Algorithm algorithm;
  std::string_view private_pem;
  std::string_view public_pem;
};
const KeyPair kPairs[] = {
    {Algorithm::RS256, kPrivateRsa, kPublicRsa},        {Algorithm::RS384, kPrivateRsa, kPublicRsa},
    {Algorithm::RS512, kPrivateRsa, kPublicRsa},        {Algorithm::ES256, kPrivateP256, kPublicP256},
    {Algorithm::ES384, kPrivateP384, kPublicP384},      {Algorithm::ES512, kPrivateP521, kPublicP521},
    {Algorithm::EdDSA, kPrivateEd25519, kPublicEd25519}};

/// Verifies a token with the key that it was signed with.
bool verify(std::string_view token, const KeyPair* pair, std::string_view secret) {
  codec::Arena arena;
  const auto jwt = parse_jwt(token, arena);
  EXPECT_TRUE(jwt.has_value());
  const auto algorithm = *algorithm_by_name(jwt->alg);
  if (!pair) return HmacKey::create(secret)->verify(algorithm, jwt->signed_part, jwt->signature);
  return pem(pair->public_pem, info(algorithm).family).verify(algorithm, jwt->signed_part, jwt->signature);
}

const KeyPair* pair_for(std::string_view alg) {
  for (const KeyPair& pair : kPairs) {
    if (info(pair.algorithm).name == alg) return &pair;
  }
  return nullptr;
}

TEST(Algorithms, AreFoundByTheirExactNames) {
  for (std::string_view name :
       {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"}) {
    ASSERT_TRUE(algorithm_by_name(name).has_value()) << name;
    EXPECT_EQ(info(*algorithm_by_name(name)).name, name);
  }
  for (std::string_view name : {"none", "None", "", "hs256", "HS1", "PS256", "ES256K"}) {
    EXPECT_FALSE(algorithm_by_name(name).has_value()) << name;
  }
}

TEST(Keys, VerifyWhatAnotherImplementationSigned) {
  for (const auto& [alg, token] : kSignedTokens) EXPECT_TRUE(verify(token, pair_for(alg), "secret")) << alg;
}

TEST(Keys, VerifyTheExampleOfRfc7515) {
  const std::string_view token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
      "LmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const unsigned char key[] = {3,   35,  53, 75,  43,  15, 165, 188, 131, 126, 6,   101, 119, 123, 166, 143,
                               90,  179, 40, 230, 240, 84, 201, 40,  169, 15,  132, 178, 210, 80,  46,  191,
                               211, 251, 90, 146, 210, 6,  71,  239, 150, 138, 180, 195, 119, 98,  61,  34,
                               61,  46,  33, 114, 5,   46, 79,  8,   192, 205, 154, 245, 103, 208, 128, 163};
  EXPECT_TRUE(verify(token, nullptr, {reinterpret_cast<const char*>(key), sizeof key}));
}

TEST(Keys, RefuseChangedTokens) {
  for (const auto& [alg, token] : kSignedTokens) {
    std::string other_claims(token);
    other_claims.replace(other_claims.find('.') + 1, 3, "eyB");
    EXPECT_FALSE(verify(other_claims, pair_for(alg), "secret")) << alg;
    std::string other_signature(token);
    char& first = other_signature[other_signature.rfind('.') + 1];
    first = first == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify(other_signature, pair_for(alg), "secret")) << alg;
    const std::string no_signature(token.substr(0, token.rfind('.') + 1));
    EXPECT_FALSE(verify(no_signature, pair_for(alg), "secret")) << alg;
    EXPECT_FALSE(verify(std::string(token) + "AAAA", pair_for(alg), "secret")) << alg;
  }
}

TEST(Keys, SignWhatTheyVerify) {
  for (const KeyPair& pair : kPairs) {
    const auto token = sign_with_key(R"({"sub":"u"})", pair.private_pem, pair.algorithm);
    ASSERT_TRUE(token.has_value()) << token.error().message;
    EXPECT_TRUE(verify(*token, &pair, "")) << info(pair.algorithm).name;
  }
  for (Algorithm algorithm : {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512}) {
    EXPECT_TRUE(verify(*sign_hs("{}", "secret", algorithm), nullptr, "secret"));
    EXPECT_FALSE(verify(*sign_hs("{}", "secret", algorithm), nullptr, "other"));
  }
}

TEST(Keys, SignTheSameAsOthersWhereThereIsNoChoice) {
  for (const auto& [alg, token] : kSignedTokens) {
    const Algorithm algorithm = *algorithm_by_name(alg);
    if (info(algorithm).family == Family::hmac) {
      EXPECT_EQ(*sign_hs(R"({"sub":"42"})", "secret", algorithm), token);
    }
    if (info(algorithm).family == Family::rsa) {
      EXPECT_EQ(*sign_with_key(R"({"sub":"42"})", kPrivateRsa, algorithm), token);
    }
  }
}

TEST(Keys, DoNotSignWithTheWrongKind) {
  EXPECT_FALSE(sign_hs("{}", "secret", Algorithm::RS256).has_value());
  EXPECT_FALSE(sign_hs("{}", "").has_value());
  EXPECT_FALSE(sign_with_key("{}", kPrivateRsa, Algorithm::HS256).has_value());
  EXPECT_FALSE(sign_with_key("{}", kPrivateRsa, Algorithm::ES256).has_value());
  EXPECT_FALSE(sign_with_key("{}", kPrivateP256, Algorithm::ES384).has_value());
  EXPECT_FALSE(sign_with_key("{}", kPublicRsa, Algorithm::RS256).has_value());
}

TEST(Keys, NameTheKeyInTheHeader) {
  codec::Arena arena;
  const auto token = sign_with_key("{}", kPrivateRsa, Algorithm::RS256, "a\"b");
  EXPECT_EQ(parse_jwt(*token, arena)->kid, "a\"b");
}

TEST(Keys, OnlyFitAlgorithmsOfTheirKind) {
  const PublicKey rsa = pem(kPublicRsa, Family::rsa);
  const PublicKey p256 = pem(kPublicP256, Family::ecdsa);
  const PublicKey ed = pem(kPublicEd25519, Family::eddsa);
  EXPECT_TRUE(rsa.fits(Algorithm::RS512));
  EXPECT_FALSE(rsa.fits(Algorithm::HS256) || rsa.fits(Algorithm::ES256) || rsa.fits(Algorithm::EdDSA));
  EXPECT_TRUE(p256.fits(Algorithm::ES256));
  EXPECT_FALSE(p256.fits(Algorithm::ES384) || p256.fits(Algorithm::RS256) || p256.fits(Algorithm::EdDSA));
  EXPECT_TRUE(ed.fits(Algorithm::EdDSA));
  EXPECT_FALSE(ed.fits(Algorithm::ES256));
  EXPECT_FALSE(HmacKey::create("secret")->verify(Algorithm::RS256, "a", "b"));
}

TEST(Keys, RefuseWhatIsNoPublicKeyOfTheKind) {
  auto refused = [](std::string_view text, Family family) {
    return !PublicKey::from_pem(text, family).has_value();
  };
  EXPECT_TRUE(refused("", Family::rsa));
  EXPECT_TRUE(refused("garbage", Family::rsa));
  EXPECT_TRUE(refused(kPublicP256, Family::rsa));
  EXPECT_TRUE(refused(kPublicRsa, Family::ecdsa));
  EXPECT_TRUE(refused(kPrivateRsa, Family::rsa));
  EXPECT_TRUE(refused(kPublicShortRsa, Family::rsa));
  EXPECT_TRUE(refused(kPublicSecp256k1, Family::ecdsa));
  EXPECT_TRUE(refused(kPublicRsa, Family::hmac));
}

TEST(Keys, ReadAPemWithTextAroundIt) {
  EXPECT_TRUE(PublicKey::from_pem("key of the backend\n" + std::string(kPublicRsa) + "\nend", Family::rsa)
                  .has_value());
}

TEST(Keys, RefuseNumbersThatAreNoKey) {
  EXPECT_FALSE(PublicKey::from_rsa("", "\x03").has_value());
  EXPECT_FALSE(PublicKey::from_rsa(std::string(256, '\xff'), "\x02").has_value());
  EXPECT_FALSE(PublicKey::from_rsa(std::string(256, '\xff'), "\x01").has_value());
  EXPECT_FALSE(PublicKey::from_rsa(std::string(3000, '\xff'), "\x03").has_value());
  EXPECT_FALSE(PublicKey::from_ec("P-256", "\x01", "\x01").has_value());  // not on the curve
  EXPECT_FALSE(PublicKey::from_ec("P-256", std::string(33, 'x'), "y").has_value());
  EXPECT_FALSE(PublicKey::from_ec("P-224", "x", "y").has_value());
  EXPECT_FALSE(PublicKey::from_ed25519("short").has_value());
}

}  // namespace
}  // namespace whirl::auth
