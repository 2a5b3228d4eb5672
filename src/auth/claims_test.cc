#include "auth/claims.h"

#include <gtest/gtest.h>

#include "auth/jwt.h"
#include "codec/json.h"

namespace whirl::auth {
namespace {

codec::Raw raw(std::string_view json) {
  return {json};
}

TEST(Jwts, HaveThreeParts) {
  codec::Arena arena;
  const auto jwt = parse_jwt("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiI0MiJ9.AQID", arena);
  ASSERT_TRUE(jwt.has_value());
  EXPECT_EQ(jwt->alg, "HS256");
  EXPECT_EQ(jwt->kid, "k1");
  EXPECT_EQ(jwt->claims, R"({"sub":"42"})");
  EXPECT_EQ(jwt->signature, "\x01\x02\x03");
  EXPECT_EQ(jwt->signed_part, "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiI0MiJ9");
}

TEST(Jwts, AreRefusedIfMalformed) {
  codec::Arena arena;
  for (std::string_view token : {"", "garbage", ".", "..", "a.b.c", "e30.e30", "e30.e30.e30.e30",
                                 "e30.e3 0.e30", "e30=.e30.e30", "W10.e30.e30", "e30.e30.****",
                                 "eyJhbGciOjF9.e30.e30", "e30x.e30.e30", "eyJhbGciOiJIUzI1NiJ9fQ.e30.e30"}) {
    EXPECT_FALSE(parse_jwt(token, arena).has_value()) << token;
  }
}

TEST(Claims, TimesAreNumbersOrNumbersInTexts) {
  struct Case {
    std::string_view json;
    double value;
  };
  for (const Case& c : {Case{"1700000000", 1.7e9}, Case{"1700000000.5", 1700000000.5}, Case{"1.7e9", 1.7e9},
                        Case{"\"1700000000\"", 1.7e9}, Case{"-5", -5}, Case{"0", 0}}) {
    const auto read = numeric_date(raw(c.json));
    ASSERT_TRUE(read.has_value() && read->has_value()) << c.json;
    EXPECT_EQ(**read, c.value) << c.json;
  }
  for (std::string_view json :
       {"\"tomorrow\"", "\"\"", "true", "{}", "[1]", "1e400", "1e300", "\"0x10\"", "\" 1\""}) {
    EXPECT_FALSE(numeric_date(raw(json)).has_value()) << json;
  }
  EXPECT_FALSE(numeric_date({})->has_value());
  EXPECT_FALSE(numeric_date(raw("null"))->has_value());
}

TEST(Claims, WholeNumbersAreWrittenAsSuch) {
  EXPECT_EQ(**whole_number(raw("-12")), -12);
  EXPECT_FALSE(whole_number(raw("null"))->has_value());
  for (std::string_view json : {"1.0", "1e3", "\"1\"", "true", "99999999999999999999"}) {
    EXPECT_FALSE(whole_number(raw(json)).has_value()) << json;
  }
}

TEST(Claims, AudiencesAreOneTextOrSeveral) {
  codec::Arena arena;
  auto list = [&](std::string_view json) {
    const auto read = audiences(raw(json), arena);
    if (!read) return std::string("refused");
    std::string out;
    for (const auto one : *read) out.append(one).append("|");
    return out;
  };
  EXPECT_EQ(list(R"("app")"), "app|");
  EXPECT_EQ(list(R"([])"), "");
  EXPECT_EQ(list(R"([ "a" , "b,]", "" ])"), "a|b,]||");
  EXPECT_EQ(list(R"(["a\"b\u00fc"])"), "a\"bü|");
  for (std::string_view json : {"1", "null", "{}", R"(["a",1])", R"([["a"]])"})
    EXPECT_EQ(list(json), "refused") << json;
  EXPECT_TRUE(audiences({}, arena)->empty());
}

TEST(Claims, AnyClaimCanBeTheUserId) {
  codec::Arena arena;
  const std::string_view json =
      R"({"other":{"id":"no"},"id":"first","id":"second","n":77,"f":1.50,"big":1e21,"neg":-0.5,"t":true,)"
      R"("nil":null,"o":{"a": 1},"l":[1],"esc\u0061pe":"a\nb"})";
  EXPECT_EQ(claim_text(json, "id", arena), "first");
  EXPECT_EQ(claim_text(json, "n", arena), "77");
  EXPECT_EQ(claim_text(json, "f", arena), "1.5");
  EXPECT_EQ(claim_text(json, "big", arena), "1000000000000000000000");
  EXPECT_EQ(claim_text(json, "neg", arena), "-0.5");
  EXPECT_EQ(claim_text(json, "t", arena), "true");
  EXPECT_EQ(claim_text(json, "nil", arena), "");
  EXPECT_EQ(claim_text(json, "o", arena), R"({"a": 1})");
  EXPECT_EQ(claim_text(json, "l", arena), "[1]");
  EXPECT_EQ(claim_text(json, "escape", arena), "a\nb");
  EXPECT_EQ(claim_text(json, "ID", arena), "");
  EXPECT_EQ(claim_text(json, "missing", arena), "");
  EXPECT_EQ(claim_text("null", "id", arena), "");
  EXPECT_EQ(claim_text("{}", "id", arena), "");
}

TEST(Claims, OfTheOtherKindAreNotLookedAt) {
  codec::Arena arena;
  ConnectClaims connect;
  EXPECT_TRUE(
      codec::decode_json_document(R"({"client":5,"override":"x","b64data":1})", connect, arena).has_value());
  SubscribeClaims subscribe;
  EXPECT_TRUE(
      codec::decode_json_document(R"({"channels":5,"subs":"x","meta":1})", subscribe, arena).has_value());
}

TEST(Claims, OfWrongTypesAreRefused) {
  codec::Arena arena;
  for (std::string_view json : {R"({"sub":1})", R"({"iss":true})", R"({"jti":[]})", R"({"channels":"a"})",
                                R"({"subs":[]})", R"({"b64info":1})", R"({"channel":{}})", "[]", "\"text\"",
                                "1", R"({"subs":{"a":{"override":{"presence":{"value":1}}}}})"}) {
    ConnectClaims claims;
    EXPECT_FALSE(codec::decode_json_document(json, claims, arena).has_value()) << json;
  }
}

}  // namespace
}  // namespace whirl::auth
