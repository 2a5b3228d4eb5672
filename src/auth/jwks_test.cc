#include "auth/jwks.h"

#include <gtest/gtest.h>

#include <map>

#include "auth/test_keys.h"

namespace whirl::auth {
namespace {

using Answer = JwksState::Answer;

// The state machine.

/// So many fetches fail, each as often as it is tried; the first may be under way.
void fail_fetches(JwksState& state, std::int64_t now, int count) {
  for (int i = 0; i < count; ++i) {
    if (!state.fetching()) state.look_up(false, now);
    ASSERT_TRUE(state.fetching());
    while (state.on_failed(now)) {
    }
  }
}

TEST(JwksStates, FetchWhenTheFirstTokenComes) {
  JwksState state;
  const auto first = state.look_up(false, 0);
  EXPECT_EQ(first.answer, Answer::wait);
  EXPECT_TRUE(first.fetch);
  const auto second = state.look_up(false, 1);
  EXPECT_EQ(second.answer, Answer::wait);
  EXPECT_FALSE(second.fetch);
  state.on_fetched(5);
  EXPECT_EQ(state.look_up(true, 5).answer, Answer::use);
}

TEST(JwksStates, FetchForAnUnknownKeyAtOnceButNotForEver) {
  JwksState state;
  state.look_up(false, 0);
  state.on_fetched(0);
  for (int i = 0; i < JwksState::kBurst; ++i) {
    const auto rotated = state.look_up(false, 1);
    EXPECT_EQ(rotated.answer, Answer::wait);
    EXPECT_TRUE(rotated.fetch);
    state.on_fetched(1);
  }
  EXPECT_EQ(state.look_up(false, JwksState::kFreshMs).answer, Answer::unknown);
  const auto later = state.look_up(false, JwksState::kFreshMs + 1);
  EXPECT_EQ(later.answer, Answer::wait);
  EXPECT_TRUE(later.fetch);
  // Known keys are used meanwhile.
  EXPECT_EQ(state.look_up(true, JwksState::kFreshMs + 1).answer, Answer::use);
}

TEST(JwksStates, DoNotFetchTwiceForOneToken) {
  JwksState state;
  state.look_up(false, 0);
  state.on_fetched(5);
  EXPECT_EQ(state.look_up(false, 5, true).answer, Answer::unknown);
  EXPECT_TRUE(state.look_up(false, 5).fetch);
  EXPECT_EQ(state.look_up(false, 5, true).answer, Answer::unknown);  // though another's fetch is under way
}

TEST(JwksStates, RefreshInTheBackground) {
  JwksState state;
  state.look_up(false, 0);
  state.on_fetched(0);
  EXPECT_FALSE(state.look_up(true, JwksState::kRefreshMs - 1).fetch);
  const auto old = state.look_up(true, JwksState::kRefreshMs);
  EXPECT_EQ(old.answer, Answer::use);
  EXPECT_TRUE(old.fetch);
  EXPECT_FALSE(state.look_up(true, JwksState::kRefreshMs + 1).fetch);
}

TEST(JwksStates, UseAnOldSetForADayAtMost) {
  JwksState state;
  state.look_up(false, 0);
  state.on_fetched(0);
  EXPECT_EQ(state.look_up(true, JwksState::kUsableMs - 1).answer, Answer::use);
  fail_fetches(state, JwksState::kUsableMs - 1, JwksState::kFailures);
  EXPECT_EQ(state.look_up(true, JwksState::kUsableMs).answer, Answer::unavailable);
}

TEST(JwksStates, TryTwiceEachTimeAndBackOffWhenThatDoesNotHelp) {
  JwksState state;
  std::int64_t now = 0;
  fail_fetches(state, now, JwksState::kFailures - 1);
  std::int64_t delay = JwksState::kFirstDelayMs;
  for (int round = 0; round < 10; ++round) {
    EXPECT_TRUE(state.look_up(false, now).fetch);
    EXPECT_TRUE(state.on_failed(now));
    EXPECT_TRUE(state.fetching());
    EXPECT_FALSE(state.on_failed(now));
    EXPECT_FALSE(state.fetching());
    EXPECT_EQ(state.look_up(false, now + delay - 1).answer, Answer::unavailable);
    now += delay;
    delay = std::min(delay * 2, JwksState::kLastDelayMs);
  }
  EXPECT_EQ(delay, JwksState::kLastDelayMs);
  EXPECT_TRUE(state.look_up(false, now).fetch);
  state.on_fetched(now);
  fail_fetches(state, now, JwksState::kFailures);
  EXPECT_EQ(state.look_up(false, now + JwksState::kFirstDelayMs - 1).answer, Answer::unavailable);
  EXPECT_EQ(state.look_up(false, now + JwksState::kFirstDelayMs).answer, Answer::wait);
}

// The sets.

class FakeFetcher : public JwksFetcher {
 public:
  void fetch(const std::string& url, UniqueFunction<void(Result<std::string>)> done) override {
    asked.push_back(url);
    pending.emplace(url, std::move(done));
  }
  void answer(const std::string& url, Result<std::string> document) {
    const auto at = pending.find(url);
    ASSERT_NE(at, pending.end()) << url;
    auto done = std::move(at->second);
    pending.erase(at);
    done(std::move(document));
  }
  void later(UniqueFunction<void()> task) override { put_off.push_back(std::move(task)); }
  std::vector<UniqueFunction<void()>> put_off;
  std::vector<std::string> asked;
  std::multimap<std::string, UniqueFunction<void(Result<std::string>)>> pending;
};

class JwksSets : public ::testing::Test {
 protected:
  void wait(const std::string& url) {
    jwks_->wait(url, [this](bool fetched) { ends_ += fetched ? '+' : '-'; });
  }

  FakeFetcher fetcher_;
  ManualClock clock_;
  std::string ends_;
  std::unique_ptr<Jwks> jwks_ = std::make_unique<Jwks>(fetcher_, clock_);  // answers into ends_ when it ends
};

const std::string kUrl = "https://a/keys";

TEST_F(JwksSets, AreFetchedOnceForAllWhoWait) {
  EXPECT_EQ(jwks_->find(kUrl, "r1").answer, Answer::wait);
  wait(kUrl);
  EXPECT_EQ(jwks_->find(kUrl, "r2").answer, Answer::wait);
  wait(kUrl);
  EXPECT_EQ(fetcher_.asked.size(), 1u);
  fetcher_.answer(kUrl, std::string(test::kKeySet));
  EXPECT_EQ(ends_, "++");
  const auto found = jwks_->find(kUrl, "r1");
  EXPECT_EQ(found.answer, Answer::use);
  ASSERT_EQ(found.keys.size(), 1u);
  EXPECT_EQ(found.keys[0]->kid, "r1");
}

TEST_F(JwksSets, NeverAnswerForEachOther) {
  jwks_->find(kUrl, "r1");
  fetcher_.answer(kUrl, std::string(test::kKeySet));
  EXPECT_EQ(jwks_->find(kUrl, "r1").answer, Answer::use);
  const auto other = jwks_->find("https://b/keys", "r1");
  EXPECT_EQ(other.answer, Answer::wait);
  EXPECT_TRUE(other.keys.empty());
  fetcher_.answer("https://b/keys", std::string(R"({"keys":[]})"));
  EXPECT_EQ(jwks_->find("https://b/keys", "r1", true).answer, Answer::unknown);
}

TEST_F(JwksSets, TellThoseWhoWaitAboutFailure) {
  jwks_->find(kUrl, "r1");
  wait(kUrl);
  fetcher_.answer(kUrl, fail("unexpected status code 500"));
  EXPECT_EQ(ends_, "");  // a second try is under way
  fetcher_.answer(kUrl, std::string("<html>"));
  EXPECT_EQ(ends_, "-");
  EXPECT_EQ(jwks_->find(kUrl, "r1", true).answer, Answer::unavailable);
  EXPECT_EQ(fetcher_.asked.size(), 2u);
}

TEST_F(JwksSets, ForgetKeysThatAreNoLongerInTheSet) {
  jwks_->find(kUrl, "r1");
  fetcher_.answer(kUrl, std::string(test::kKeySet));
  clock_.advance(JwksState::kRefreshMs);
  EXPECT_EQ(jwks_->find(kUrl, "r1").answer, Answer::use);
  fetcher_.answer(kUrl, std::string(R"({"keys":[]})"));
  EXPECT_EQ(jwks_->find(kUrl, "r1", true).answer, Answer::unknown);
}

TEST_F(JwksSets, AreLimitedInNumber) {
  for (std::size_t i = 0; i <= Jwks::kMaxSets; ++i) {
    const std::string url = "https://a/" + std::to_string(i);
    jwks_->find(url, "k");
    if (i == 0) wait(url);
  }
  EXPECT_EQ(jwks_->num_sets(), Jwks::kMaxSets);
  EXPECT_EQ(ends_, "-");
  fetcher_.answer("https://a/0", std::string(test::kKeySet));  // nobody is interested any more
  EXPECT_EQ(jwks_->num_sets(), Jwks::kMaxSets);
}

TEST_F(JwksSets, LimitHowManyWait) {
  jwks_->find(kUrl, "k");
  for (std::size_t i = 0; i < Jwks::kMaxWaiting; ++i) wait(kUrl);
  EXPECT_EQ(ends_, "");
  wait(kUrl);
  EXPECT_EQ(ends_, "-");
}

TEST_F(JwksSets, TellMoreThanATurnCanTakeOverSeveralTurns) {
  jwks_->find(kUrl, "r1");
  for (int i = 0; i < 5; ++i) {
    jwks_->wait(kUrl, [this](bool) {
      ends_ += '+';
      clock_.advance(1);
    });
  }
  fetcher_.answer(kUrl, std::string(test::kKeySet));
  EXPECT_EQ(ends_, "++");
  ASSERT_EQ(fetcher_.put_off.size(), 1u);
  fetcher_.put_off[0]();
  EXPECT_EQ(ends_, "++++");
  ASSERT_EQ(fetcher_.put_off.size(), 2u);
  jwks_.reset();
  EXPECT_EQ(ends_, "+++++");
  fetcher_.put_off[1]();
}

TEST_F(JwksSets, EndWithAnAnswerForThoseWhoWait) {
  jwks_->find(kUrl, "k");
  wait(kUrl);
  jwks_.reset();
  EXPECT_EQ(ends_, "-");
  fetcher_.answer(kUrl, std::string(test::kKeySet));
}

// The documents.

std::string kids(std::string_view document) {
  const auto keys = parse_jwks(document);
  if (!keys) return "refused";
  std::string out;
  for (const Jwk& key : *keys) out += key.kid + ' ';
  return out;
}

TEST(JwksDocuments, GiveTheKeysForSignatures) {
  EXPECT_EQ(kids(test::kKeySet), "r1 r2 e1 e5 o1 ");
}

TEST(JwksDocuments, SayWhichAlgorithmsAKeyTakes) {
  const auto keys = *parse_jwks(test::kKeySet);
  EXPECT_TRUE(keys[0].takes(Algorithm::RS256));
  EXPECT_FALSE(keys[0].takes(Algorithm::RS384));
  EXPECT_TRUE(keys[1].takes(Algorithm::RS384));
  EXPECT_FALSE(keys[1].takes(Algorithm::HS256));
  EXPECT_TRUE(keys[2].takes(Algorithm::ES256));
  EXPECT_FALSE(keys[2].takes(Algorithm::ES384));
  EXPECT_TRUE(keys[4].takes(Algorithm::EdDSA));
}

TEST(JwksDocuments, LeaveOutWhatIsNoUse) {
  EXPECT_EQ(kids(R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"short","use":"sig","x":"AAAA"}]})"), "");
  EXPECT_EQ(kids(R"({"keys":[{"kty":"OKP","crv":"X25519","kid":"x","use":"sig","x":"AAAA"}]})"), "");
  EXPECT_EQ(kids(R"({"keys":[{}]})"), "");
  EXPECT_EQ(kids(R"({"keys":null})"), "");
  EXPECT_EQ(kids("{}"), "");
}

TEST(JwksDocuments, DoNotTakeAlgorithmsOfAnotherKind) {
  const std::string x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
  auto set = [&](std::string_view alg) {
    return R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","use":"sig","x":")" + x + R"(","alg":")" +
           std::string(alg) + R"("}]})";
  };
  EXPECT_EQ(kids(set("EdDSA")), "k ");
  EXPECT_EQ(kids(set("Ed25519")), "k ");
  std::string ec = std::string(test::kKeySet);
  ec.replace(ec.find("\"e1\""), 4, "\"e1\",\"alg\":\"HS256\"");
  EXPECT_EQ(kids(ec), "r1 r2 e5 o1 ");
}

TEST(JwksDocuments, AreRefusedIfMalformed) {
  for (std::string_view document : {"", "<html>", "[]", "{\"keys\":{}}", "{} {}"}) {
    EXPECT_EQ(kids(document), "refused") << document;
  }
}

}  // namespace
}  // namespace whirl::auth
