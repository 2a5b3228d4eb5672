#include "auth/verifier.h"

#include <gtest/gtest.h>

#include <map>

#include "auth/sign.h"
#include "auth/test_keys.h"
#include "base/base64.h"

namespace whirl::auth {
namespace {

using namespace test;

class FakeFetcher : public JwksFetcher {
 public:
  void fetch(const std::string& url, UniqueFunction<void(Result<std::string>)> done) override {
    asked.push_back(url);
    pending.push_back(std::move(done));
  }
  void answer(Result<std::string> document) {
    auto all = std::move(pending);
    pending.clear();
    for (auto& done : all) done(document);
  }
  void later(UniqueFunction<void()> task) override { task(); }
  std::vector<std::string> asked;
  std::vector<UniqueFunction<void(Result<std::string>)>> pending;
};

/// Tokens are shown by what became of them: "user", or the failure.
class Tokens : public ::testing::Test {
 protected:
  Tokens() { token_.hmac_secret_key = "secret"; }

  Verifier& verifier() {
    if (!verifier_) {
      auto made = Verifier::create(token_, {.skip_signature = skip_, .fetcher = &fetcher_, .clock = &clock_});
      EXPECT_TRUE(made.has_value()) << made.error().message;
      verifier_ = std::move(*made);
    }
    return *verifier_;
  }
  std::string config_error() {
    auto made = Verifier::create(token_, {.fetcher = &fetcher_, .clock = &clock_});
    return made ? "" : made.error().message;
  }

  std::int64_t now(std::int64_t shift = 0) const { return clock_.unix_ms() / 1000 + shift; }
  std::string claims_at(const char* format, std::int64_t shift) const {
    return fmt::format(fmt::runtime(format), now(shift));
  }

  /// Starts a check; its end is in connect_ or subscribe_ once there is one.
  void send(std::string_view token) {
    connect_.reset();
    verifier().verify_connect(token, [this](ConnectVerdict verdict) { connect_ = std::move(verdict); });
  }
  static std::string shown(const TokenError& error) {
    static constexpr const char* kNames[] = {"expired", "invalid", "internal", "unavailable"};
    EXPECT_FALSE(error.reason.empty());
    return kNames[static_cast<int>(error.failure)];
  }
  std::string outcome() {
    if (!connect_) return "waits";
    return *connect_ ? "user " + (*connect_)->user : shown(connect_->error());
  }
  std::string connect(std::string_view token) {
    send(token);
    return outcome();
  }
  std::string connect_claims(std::string_view claims) { return connect(*sign_hs(claims, "secret")); }
  std::string subscribe(std::string_view token) {
    subscribe_.reset();
    verifier().verify_subscribe(token, [this](SubscribeVerdict verdict) { subscribe_ = std::move(verdict); });
    if (!subscribe_) return "waits";
    return *subscribe_ ? "user " + (*subscribe_)->user : shown(subscribe_->error());
  }
  std::string subscribe_claims(std::string_view claims) { return subscribe(*sign_hs(claims, "secret")); }

  config::Token token_;
  bool skip_ = false;
  FakeFetcher fetcher_;
  ManualClock clock_;
  std::optional<ConnectVerdict> connect_;
  std::optional<SubscribeVerdict> subscribe_;
  std::unique_ptr<Verifier> verifier_;  // the last member: it answers those who wait when it ends
};

// Signatures and keys of the configuration.

TEST_F(Tokens, OfEachConfiguredKeyAreGood) {
  token_.rsa_public_key = kPublicRsa;
  token_.ecdsa_public_key = kPublicP256;
  for (const auto& [alg, token] : kSignedTokens) {
    const bool configured = alg != "ES384" && alg != "ES512" && alg != "EdDSA";
    EXPECT_EQ(connect(token), configured ? "user 42" : "invalid") << alg;
  }
  EXPECT_EQ(connect(kTokenPs256), "invalid");
}

TEST_F(Tokens, NeedAKeyForTheirAlgorithm) {
  token_.hmac_secret_key = "";
  for (const auto& [alg, token] : kSignedTokens) EXPECT_EQ(connect(token), "invalid") << alg;
}

TEST_F(Tokens, SignedWithAnotherKeyAreInvalid) {
  token_.rsa_public_key = kPublicRsa;
  EXPECT_EQ(connect(*sign_hs("{}", "other")), "invalid");
  EXPECT_EQ(connect(*sign_with_key("{}", kPrivateOtherRsa, Algorithm::RS256)), "invalid");
}

TEST_F(Tokens, CannotTurnAPublicKeyIntoASecret) {
  token_.hmac_secret_key = "";
  token_.rsa_public_key = kPublicRsa;
  EXPECT_EQ(connect(*sign_hs("{}", kPublicRsa)), "invalid");
  token_.hmac_secret_key = "secret";
  verifier_.reset();
  EXPECT_EQ(connect(*sign_hs("{}", kPublicRsa)), "invalid");
}

TEST_F(Tokens, WithoutSignatureAreInvalid) {
  auto unsigned_token = [](std::string_view header) {
    return encode_base64url(header) + '.' + encode_base64url(R"({"sub":"u"})") + '.';
  };
  for (std::string_view header : {R"({"alg":"none"})", R"({"alg":"NONE"})", R"({"alg":""})", R"({})", "null",
                                  R"({"alg":"HS256"})", R"({"typ":"JWT"})"}) {
    EXPECT_EQ(connect(unsigned_token(header)), "invalid") << header;
  }
}

TEST_F(Tokens, CannotBeRelabelled) {
  std::string token = *sign_hs(R"({"sub":"u"})", "secret");
  token.replace(0, token.find('.'), encode_base64url(R"({"alg":"HS512","typ":"JWT"})"));
  EXPECT_EQ(connect(token), "invalid");
}

TEST_F(Tokens, ThatAreGarbageAreInvalid) {
  for (std::string_view token : {"", "garbage", "a.b.c", ".."}) EXPECT_EQ(connect(token), "invalid") << token;
  EXPECT_EQ(connect(*sign_hs("{}", "secret") + ".extra"), "invalid");
  EXPECT_EQ(connect_claims("\"text\""), "invalid");
  EXPECT_EQ(connect_claims("[1]"), "invalid");
  EXPECT_EQ(connect_claims("{} {}"), "invalid");
  EXPECT_EQ(connect_claims("null"), "user ");
}

TEST_F(Tokens, OfThePreviousSecretAreGoodForAWhile) {
  token_.hmac_previous_secret_key = "older";
  const std::string token = *sign_hs(R"({"sub":"u"})", "older");
  EXPECT_EQ(connect(token), "user u");
  EXPECT_EQ(connect(*sign_hs("{}", "third")), "invalid");
  token_.hmac_previous_secret_key_valid_until = now();
  verifier_.reset();
  EXPECT_EQ(connect(token), "user u");
  clock_.advance(1000);
  EXPECT_EQ(connect(token), "invalid");
  EXPECT_EQ(connect_claims(R"({"sub":"u"})"), "user u");
}

TEST_F(Tokens, AreBelievedWithoutSignatureIfConfigured) {
  skip_ = true;
  EXPECT_EQ(connect(*sign_hs(R"({"sub":"u"})", "who cares")), "user u");
  EXPECT_EQ(connect(encode_base64url(R"({"alg":"none"})") + '.' + encode_base64url(R"({"sub":"u"})") + '.'),
            "user u");
  EXPECT_EQ(connect(*sign_hs(claims_at(R"({{"exp":{}}})", -100), "who cares")), "expired");
  EXPECT_EQ(connect("x.y.z"), "invalid");
}

// Claims of connection tokens.

TEST_F(Tokens, NameTheUser) {
  EXPECT_EQ(connect_claims(R"({"sub":"бob"})"), "user бob");
  EXPECT_EQ(connect_claims(R"({"SUB":"u"})"), "user u");
  EXPECT_EQ(connect_claims("{}"), "user ");
  EXPECT_EQ(connect_claims(R"({"sub":42})"), "invalid");
}

TEST_F(Tokens, MayNameTheUserInAnotherClaim) {
  token_.user_id_claim = "account_id";
  EXPECT_EQ(connect_claims(R"({"sub":"ignored","account_id":77})"), "user 77");
  EXPECT_EQ(connect_claims(R"({"sub":"ignored"})"), "user ");
  EXPECT_EQ(subscribe_claims(R"({"sub":"ignored","account_id":"a","channel":"c"})"), "user a");
}

TEST_F(Tokens, AreValidBetweenNbfAndExp) {
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","exp":{}}})", -30)), "expired");
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","exp":{}}})", 0)), "expired");
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","exp":{}}})", 1)), "user u");
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","exp":"{}"}})", 1)), "user u");
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","nbf":{}}})", 120)), "expired");
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","nbf":{}}})", -1)), "user u");
  EXPECT_EQ(connect_claims(claims_at(R"({{"sub":"u","iat":{}}})", 300)), "user u");
  EXPECT_EQ(connect_claims(R"({"exp":"tomorrow"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"iat":"now"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"exp":null,"nbf":null,"iat":null})"), "user ");
}

TEST_F(Tokens, AreInvalidBeforeTheyAreExpired) {
  EXPECT_EQ(connect(*sign_hs(claims_at(R"({{"exp":{}}})", -30), "other")), "invalid");
  EXPECT_EQ(connect_claims(claims_at(R"({{"exp":{},"channel":"c"}})", -30)), "invalid");
}

TEST_F(Tokens, SayWhenTheConnectionExpires) {
  auto expire_at = [&](const std::string& claims) {
    EXPECT_EQ(connect_claims(claims), "user ");
    return (*connect_)->expire_at - now();
  };
  EXPECT_EQ(expire_at(claims_at(R"({{"exp":{}}})", 300)), 300);
  EXPECT_EQ(expire_at(claims_at(R"({{"exp":{}.5}})", 300)), 300);
  EXPECT_EQ(expire_at(fmt::format(R"({{"exp":{},"expire_at":{}}})", now(300), now(90))), 90);
  EXPECT_EQ(expire_at(fmt::format(R"({{"exp":{},"expire_at":null}})", now(300))), 300);
  EXPECT_EQ(expire_at(claims_at(R"({{"exp":{},"expire_at":0}})", 300)), -now());
  EXPECT_EQ(expire_at(R"({"expire_at":-7})"), -now());
  EXPECT_EQ(expire_at("{}"), -now());
  EXPECT_EQ(expire_at(claims_at(R"({{"expire_at":{}}})", -5)), -5);
  EXPECT_EQ(connect_claims(R"({"expire_at":"soon"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"expire_at":1.5})"), "invalid");
}

TEST_F(Tokens, CarryInfoAndMeta) {
  connect_claims(R"({"info":{"name": "Ann"},"meta":{"a":[1]}})");
  EXPECT_EQ((*connect_)->info, R"({"name": "Ann"})");
  EXPECT_EQ((*connect_)->meta, R"({"a":[1]})");
  connect_claims(R"({"info":{"via":"info"},"b64info":"eyJ2aWEiOiJiNjQifQ=="})");
  EXPECT_EQ((*connect_)->info, R"({"via":"b64"})");
  connect_claims("{}");
  EXPECT_EQ((*connect_)->info + (*connect_)->meta, "");
  EXPECT_EQ(connect_claims(R"({"b64info":"***"})"), "internal");
}

TEST_F(Tokens, AskForChannels) {
  connect_claims(R"({"channels":["b","a","b",""]})");
  ASSERT_EQ((*connect_)->subs.size(), 2u);
  EXPECT_EQ((*connect_)->subs[0].channel, "a");
  EXPECT_EQ((*connect_)->subs[1].channel, "b");
  connect_claims(R"({"channels":[]})");
  EXPECT_TRUE((*connect_)->subs.empty());
}

TEST_F(Tokens, AskForSubscriptionsWithOptions) {
  connect_claims(R"({"channels":["lost"],"subs":{"kept":{"info":{"r":1},"b64data":"WzFd","override":{
    "presence":{"value":true},"join_leave":{"value":false},"force_push_join_leave":{},"force_recovery":null}},"":{}}})");
  ASSERT_EQ((*connect_)->subs.size(), 1u);
  const TokenSubscription& sub = (*connect_)->subs[0];
  EXPECT_EQ(sub.channel, "kept");
  EXPECT_EQ(sub.info, R"({"r":1})");
  EXPECT_EQ(sub.data, "[1]");
  EXPECT_EQ(sub.override.presence, true);
  EXPECT_EQ(sub.override.join_leave, false);
  EXPECT_EQ(sub.override.force_push_join_leave, false);
  EXPECT_EQ(sub.override.force_recovery, std::nullopt);
  EXPECT_EQ(sub.override.force_positioning, std::nullopt);
  EXPECT_EQ(connect_claims(R"({"subs":{"a":{"b64info":"%%%"}}})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"subs":{"a":{"b64data":"%%%"}}})"), "invalid");
}

TEST_F(Tokens, ForSubscriptionsDoNotConnect) {
  EXPECT_EQ(connect_claims(R"({"channel":"a"})"), "invalid");
}

// Issuer and audience.

TEST_F(Tokens, HaveTheConfiguredIssuerAndAudience) {
  token_.issuer = "https://i.example";
  token_.audience = "realtime";
  const std::string iss = R"({"sub":"u","iss":"https://i.example","aud":)";
  EXPECT_EQ(connect_claims(iss + R"("realtime"})"), "user u");
  EXPECT_EQ(connect_claims(iss + R"(["web","realtime"]})"), "user u");
  EXPECT_EQ(connect_claims(iss + R"(["web"]})"), "invalid");
  EXPECT_EQ(connect_claims(iss + R"("realtime2"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"iss":"https://i.example"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"iss":"https://o.example","aud":"realtime"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"aud":"realtime"})"), "invalid");
  EXPECT_EQ(connect_claims(iss + R"(5})"), "invalid");
}

TEST_F(Tokens, MatchTheConfiguredExpressions) {
  token_.issuer_regex = R"(^https://(?P<tenant>a|b)\.example$)";
  token_.audience_regex = "app-[0-9]+";
  EXPECT_EQ(connect_claims(R"({"sub":"u","iss":"https://a.example","aud":"app-12"})"), "user u");
  EXPECT_EQ(connect_claims(R"({"sub":"u","iss":"https://b.example","aud":["x","my-app-1"]})"), "user u");
  EXPECT_EQ(connect_claims(R"({"iss":"https://c.example","aud":"app-12"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"iss":"https://a.example","aud":"app-x"})"), "invalid");
  EXPECT_EQ(connect_claims(R"({"iss":"https://a.example"})"), "invalid");
}

// Subscription tokens.

TEST_F(Tokens, ForSubscriptionsSayTheirChannelAndOptions) {
  EXPECT_EQ(
      subscribe_claims(fmt::format(R"({{"sub":"u","channel":"news:a","client":"c1","exp":{},"info":{{"s":4}},
    "b64data":"WzFd","override":{{"force_positioning":{{"value":true}}}}}})",
                                   now(50))),
      "user u");
  const SubscribeToken& token = **subscribe_;
  EXPECT_EQ(token.channel, "news:a");
  EXPECT_EQ(token.client, "c1");
  EXPECT_EQ(token.expire_at, now(50));
  EXPECT_EQ(token.info, R"({"s":4})");
  EXPECT_EQ(token.data, "[1]");
  EXPECT_EQ(token.override.force_positioning, true);
  EXPECT_EQ(token.override.presence, std::nullopt);
}

TEST_F(Tokens, ForSubscriptionsAreCheckedLikeOthers) {
  EXPECT_EQ(subscribe_claims(R"({"sub":"u"})"), "invalid");
  EXPECT_EQ(subscribe_claims(R"({"channel":"c","b64info":"!!"})"), "invalid");
  EXPECT_EQ(subscribe_claims(claims_at(R"({{"channel":"c","exp":{}}})", -1)), "expired");
  EXPECT_EQ(subscribe_claims(claims_at(R"({{"channel":"c","nbf":{}}})", 100)), "expired");
  EXPECT_EQ(subscribe(*sign_hs(R"({"channel":"c"})", "other")), "invalid");
  EXPECT_EQ(subscribe("abc"), "invalid");
}

// Key sets.

class JwksTokens : public Tokens {
 protected:
  JwksTokens() { token_.jwks_public_endpoint = "https://keys.example/set"; }
  static std::string by(Algorithm algorithm, std::string_view key, std::string_view kid,
                        std::string_view claims = R"({"sub":"u"})") {
    return *sign_with_key(claims, key, algorithm, kid);
  }
};

TEST_F(JwksTokens, WaitForTheKeys) {
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1")), "waits");
  EXPECT_EQ(fetcher_.asked, std::vector<std::string>{"https://keys.example/set"});
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(outcome(), "user u");
  // From now on the answer is there at once.
  EXPECT_EQ(connect(by(Algorithm::RS512, kPrivateOtherRsa, "r2")), "user u");
  EXPECT_EQ(connect(by(Algorithm::ES256, kPrivateP256, "e1")), "user u");
  EXPECT_EQ(connect(by(Algorithm::ES512, kPrivateP521, "e5")), "user u");
  EXPECT_EQ(connect(by(Algorithm::EdDSA, kPrivateEd25519, "o1")), "user u");
  EXPECT_EQ(subscribe(by(Algorithm::RS256, kPrivateRsa, "r1", R"({"sub":"s","channel":"c"})")), "user s");
  EXPECT_EQ(fetcher_.asked.size(), 1u);
}

TEST_F(JwksTokens, MustFitTheKeyTheyName) {
  send(by(Algorithm::RS256, kPrivateRsa, "r1"));
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(connect(by(Algorithm::RS384, kPrivateRsa, "r1")),
            "invalid");  // other algorithm than the set says
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateOtherRsa, "r1")), "invalid");  // other key
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "missing")), "waits");
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(outcome(), "invalid");
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "")), "invalid");
  EXPECT_EQ(connect(by(Algorithm::ES384, kPrivateP384, "enc")), "waits");  // not for signatures
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(outcome(), "invalid");
  EXPECT_EQ(connect(by(Algorithm::ES256, kPrivateP256, "e5")), "invalid");
  EXPECT_EQ(connect(by(Algorithm::EdDSA, kPrivateEd25519, "e1")), "invalid");
}

TEST_F(JwksTokens, DoNotUseTheSecret) {
  token_.hmac_secret_key = "secret";
  token_.rsa_public_key = kPublicRsa;
  EXPECT_EQ(connect_claims("{}"), "invalid");
  // A symmetric key of the set is no secret either.
  std::string token = *sign_hs("{}", "secret");
  token.replace(0, token.find('.'), encode_base64url(R"({"alg":"HS256","kid":"h1"})"));
  EXPECT_EQ(connect(token), "invalid");
  EXPECT_TRUE(fetcher_.asked.empty());
}

TEST_F(JwksTokens, AreUndecidedIfTheKeysCannotBeFetched) {
  for (int i = 0; i < JwksState::kFailures; ++i) {
    EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1")), "waits");
    fetcher_.answer(fail("no answer"));
    fetcher_.answer(fail("no answer"));
    EXPECT_EQ(outcome(), "unavailable");
  }
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1")), "unavailable");
  clock_.advance(JwksState::kFirstDelayMs);
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1")), "waits");
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(outcome(), "user u");
}

TEST_F(JwksTokens, OfANewKeyMakeTheSetBeFetchedAgain) {
  send(by(Algorithm::RS256, kPrivateRsa, "r1"));
  fetcher_.answer(std::string(R"({"keys":[]})"));
  EXPECT_EQ(outcome(), "invalid");
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1")), "waits");
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(outcome(), "user u");
}

TEST_F(JwksTokens, ThatWaitAreAnsweredWhenTheConfigurationChanges) {
  EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1")), "waits");
  verifier_.reset();
  EXPECT_EQ(outcome(), "unavailable");
  fetcher_.answer(std::string(kKeySet));
}

TEST_F(JwksTokens, AskTheEndpointOfTheirIssuerOnly) {
  token_.jwks_public_endpoint = "https://keys.example/{{tenant}}/set";
  token_.issuer_regex = R"(https://(?P<tenant>a|ab)\.example)";
  auto of = [&](std::string_view iss) {
    return by(Algorithm::RS256, kPrivateRsa, "r1", fmt::format(R"({{"sub":"u","iss":"{}"}})", iss));
  };
  EXPECT_EQ(connect(of("https://a.example")), "waits");
  fetcher_.answer(std::string(kKeySet));
  EXPECT_EQ(outcome(), "user u");
  // The same key id at the other tenant's endpoint is another key.
  EXPECT_EQ(connect(of("https://ab.example")), "waits");
  fetcher_.answer(std::string(R"({"keys":[]})"));
  EXPECT_EQ(outcome(), "invalid");
  EXPECT_EQ(fetcher_.asked,
            (std::vector<std::string>{"https://keys.example/a/set", "https://keys.example/ab/set"}));
  // The expression has no anchors, but where it chooses the keys it must match as a whole.
  EXPECT_EQ(connect(of("https://evil/https://a.example")), "invalid");
  EXPECT_EQ(connect(of("https://a.example.evil")), "invalid");
  EXPECT_EQ(fetcher_.asked.size(), 2u);
}

TEST_F(JwksTokens, NeverLeadOutOfThePath) {
  token_.jwks_public_endpoint = "https://keys.example/{{tenant}}/set";
  token_.issuer_regex = "^(?P<tenant>.*)$";
  token_.insecure_skip_jwks_endpoint_safety_check = true;
  for (std::string_view iss :
       {"..", "../../other", "a/../..", "a?b", "a#b", "@evil", "a\\\\b", "%2e%2e/x", ""}) {
    const bool harmless = iss == "@evil";
    EXPECT_EQ(connect(by(Algorithm::RS256, kPrivateRsa, "r1", fmt::format(R"({{"iss":"{}"}})", iss))),
              harmless ? "waits" : "invalid")
        << iss;
  }
  EXPECT_EQ(fetcher_.asked, std::vector<std::string>{"https://keys.example/@evil/set"});
}

// Configuration.

TEST_F(Tokens, NeedASensibleConfiguration) {
  auto wrong = [&](auto change) {
    token_ = {};
    change();
    return config_error();
  };
  EXPECT_NE(wrong([&] { token_.issuer = token_.issuer_regex = "x"; }), "");
  EXPECT_NE(wrong([&] { token_.audience = token_.audience_regex = "x"; }), "");
  EXPECT_NE(wrong([&] { token_.issuer_regex = "("; }).find("issuer_regex"), std::string::npos);
  EXPECT_NE(wrong([&] { token_.audience_regex = "("; }).find("audience_regex"), std::string::npos);
  EXPECT_NE(wrong([&] { token_.rsa_public_key = "x"; }).find("rsa_public_key"), std::string::npos);
  EXPECT_NE(wrong([&] { token_.rsa_public_key = kPublicP256; }), "");
  EXPECT_NE(wrong([&] { token_.ecdsa_public_key = kPublicRsa; }).find("ecdsa_public_key"), std::string::npos);
  EXPECT_NE(wrong([&] { token_.jwks_public_endpoint = "keys.example"; }), "");
  EXPECT_NE(wrong([&] {
              token_.jwks_public_endpoint = "https://{{host}}/keys";
              token_.issuer_regex = "^(?P<host>[a-z.]+)$";
            }),
            "");
  EXPECT_EQ(wrong([] {}), "");
}

}  // namespace
}  // namespace whirl::auth
