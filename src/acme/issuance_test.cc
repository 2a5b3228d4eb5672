#include "acme/issuance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"

namespace whirl::acme {
namespace {

using ::testing::HasSubstr;
using Kind = Step::Kind;

/// What the server would have said. Each answer brings a nonce.
net::HttpResponse answer(int status, std::string body, std::string location = "") {
  net::HttpResponse out;
  out.status = status;
  out.body = std::move(body);
  out.headers = {{"replay-nonce", "n"}};
  if (!location.empty()) out.headers.emplace_back("location", location);
  return out;
}

std::string member(std::string_view json, std::string_view name) {
  const std::string start = fmt::format("\"{}\":\"", name);
  const std::size_t at = json.find(start) + start.size();
  std::string out;
  decode_base64url(json.substr(at, json.find('"', at) - at), out);
  return out;
}

constexpr const char* kDirectory =
    R"({"newNonce":"https://ca/n","newAccount":"https://ca/a","newOrder":"https://ca/o"})";

std::string order(std::string_view status, std::string_view more = "") {
  return fmt::format(R"({{"status":"{}","authorizations":["https://ca/z"],"finalize":"https://ca/f"{}}})",
                     status, more);
}

std::string authorization(std::string_view status) {
  return fmt::format(
      R"({{"status":"{}","challenges":[{{"type":"http-01","url":"https://ca/c/h","token":"th"}},
                         {{"type":"tls-alpn-01","url":"https://ca/c/t","token":"tt",
                          "error":{{"type":"x","detail":"no luck"}}}}]}})",
      status);
}

class IssuanceTest : public ::testing::Test {
 protected:
  IssuanceTest() { step = issuance.start(); }

  /// The server answers what was sent.
  void reply(int status, std::string body, std::string location = "") {
    ASSERT_EQ(step.kind, Kind::send) << step.text;
    step = issuance.on_response(answer(status, std::move(body), std::move(location)));
  }
  std::string url() const { return step.request.url; }
  std::string payload() const { return member(step.request.body, "payload"); }
  std::string head() const { return member(step.request.body, "protected"); }

  void until_order_is_made() {
    reply(200, kDirectory);
    reply(200, "");
    reply(201, "{}", "https://ca/a/1");
  }
  void until_proof() {
    until_order_is_made();
    reply(201, order("pending"), "https://ca/o/1");
    reply(200, authorization("pending"));
  }

  AccountKey key = AccountKey::make();
  Issuance issuance{{"a.example", "https://ca/d", "me@a.example", {"tls-alpn-01", "http-01"}, "request"},
                    key};
  Step step;
};

TEST_F(IssuanceTest, GoesFromTheDirectoryToTheCertificate) {
  EXPECT_EQ(url(), "https://ca/d");
  reply(200, kDirectory);
  EXPECT_EQ(step.request.method + url(), "HEADhttps://ca/n");
  reply(200, "");
  EXPECT_EQ(url(), "https://ca/a");
  EXPECT_EQ(payload(), R"({"termsOfServiceAgreed":true,"contact":["mailto:me@a.example"]})");
  EXPECT_THAT(head(), HasSubstr(R"("jwk":{"crv":"P-256")"));
  EXPECT_THAT(head(), HasSubstr(R"("nonce":"n","url":"https://ca/a")"));
  reply(201, "{}", "https://ca/a/1");
  EXPECT_EQ(url(), "https://ca/o");
  EXPECT_EQ(payload(), R"({"identifiers":[{"type":"dns","value":"a.example"}]})");
  EXPECT_THAT(head(), HasSubstr(R"("kid":"https://ca/a/1")"));
  reply(201, order("pending"), "https://ca/o/1");
  EXPECT_EQ(url(), "https://ca/z");
  EXPECT_EQ(payload(), "");
  reply(200, authorization("pending"));
  ASSERT_EQ(step.kind, Kind::prove);
  EXPECT_EQ(step.type, "tls-alpn-01");
  EXPECT_EQ(step.token, "tt");
  EXPECT_EQ(step.text, key.authorization("tt"));
  step = issuance.on_proof();
  EXPECT_EQ(url(), "https://ca/c/t");
  EXPECT_EQ(payload(), "{}");
  reply(200, "{}");
  ASSERT_EQ(step.kind, Kind::wait);
  step = issuance.on_waited();
  reply(200, authorization("pending"));
  ASSERT_EQ(step.kind, Kind::wait);
  step = issuance.on_waited();
  reply(200, authorization("valid"));
  EXPECT_EQ(url(), "https://ca/o/1");
  reply(200, order("ready"));
  EXPECT_EQ(url(), "https://ca/f");
  EXPECT_EQ(payload(), R"({"csr":"cmVxdWVzdA"})");
  reply(200, order("processing"));
  ASSERT_EQ(step.kind, Kind::wait);
  step = issuance.on_waited();
  EXPECT_EQ(url(), "https://ca/o/1");
  reply(200, order("valid", R"(,"certificate":"https://ca/crt")"));
  EXPECT_EQ(url(), "https://ca/crt");
  reply(200, "PEM");
  EXPECT_EQ(step.kind, Kind::done);
  EXPECT_EQ(step.text, "PEM");
}

TEST_F(IssuanceTest, NamesThatAreConfirmedAlreadyNeedNoProof) {
  until_order_is_made();
  reply(201, order("ready"), "https://ca/o/1");
  EXPECT_EQ(url(), "https://ca/f");
}

TEST_F(IssuanceTest, WaitsLongerEachTimeButNotLongerThanTold) {
  until_proof();
  step = issuance.on_proof();
  reply(200, "{}");
  EXPECT_EQ(step.wait_ms, Issuance::kFirstWaitMs);
  step = issuance.on_waited();
  reply(200, authorization("pending"));
  EXPECT_EQ(step.wait_ms, 2 * Issuance::kFirstWaitMs);
  step = issuance.on_waited();
  auto told = answer(200, authorization("pending"));
  told.headers.emplace_back("retry-after", "7");
  step = issuance.on_response(told);
  EXPECT_EQ(step.wait_ms, 7000);
  step = issuance.on_waited();
  told.headers.back().second = "100000";
  EXPECT_EQ(issuance.on_response(told).wait_ms, Issuance::kLongestWaitMs);
}

TEST_F(IssuanceTest, ALostNonceIsReplacedAFewTimes) {
  until_order_is_made();
  const std::string bad = R"({"type":"urn:ietf:params:acme:error:badNonce"})";
  for (int i = 0; i < Issuance::kMaxNonceFailures; ++i) {
    reply(400, bad);
    EXPECT_EQ(url(), "https://ca/o");
  }
  reply(400, bad);
  EXPECT_EQ(step.kind, Kind::failed);
}

TEST_F(IssuanceTest, SaysWhatTheAuthorityDislikes) {
  until_order_is_made();
  reply(429, R"({"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many"})");
  EXPECT_EQ(step.kind, Kind::failed);
  EXPECT_EQ(step.text, "the authority refuses: too many (rateLimited)");
}

TEST_F(IssuanceTest, SaysWhyAProofFailed) {
  until_proof();
  step = issuance.on_proof();
  reply(200, "{}");
  step = issuance.on_waited();
  reply(200, authorization("invalid"));
  EXPECT_EQ(step.kind, Kind::failed);
  EXPECT_THAT(step.text, HasSubstr("tls-alpn-01: no luck (x)"));
}

TEST_F(IssuanceTest, FailsWhenNobodyAnswers) {
  net::HttpResponse none;
  none.error = "Connection refused";
  step = issuance.on_response(none);
  EXPECT_EQ(step.kind, Kind::failed);
  EXPECT_THAT(step.text, HasSubstr("Connection refused"));
}

TEST_F(IssuanceTest, FailsWithoutAChallengeThatWeCanDo) {
  until_order_is_made();
  reply(201, order("pending"), "https://ca/o/1");
  reply(200, R"({"status":"pending","challenges":[{"type":"dns-01","url":"https://ca/c/d","token":"t"}]})");
  EXPECT_EQ(step.kind, Kind::failed);
}

TEST(AccountKey, SurvivesAsPem) {
  const AccountKey key = AccountKey::make();
  auto copy = AccountKey::from_pem(key.pem());
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->authorization("t"), key.authorization("t"));
  EXPECT_NE(AccountKey::make().authorization("t"), key.authorization("t"));
  EXPECT_FALSE(AccountKey::from_pem("nonsense"));
}

}  // namespace
}  // namespace whirl::acme
