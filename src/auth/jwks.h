#pragma once
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/jwk.h"
#include "auth/jwks_state.h"
#include "base/clock.h"
#include "base/function.h"

namespace whirl::auth {

/// Gets a key set from its URL. Lives on one loop and outlives the verifiers that use it.
class JwksFetcher {
 public:
  virtual ~JwksFetcher() = default;
  /// Calls back once, on the loop and never before returning, with the document of a 200 answer or why there
  /// is none; or not at all if the loop ends.
  virtual void fetch(const std::string& url, UniqueFunction<void(Result<std::string>)> done) = 0;
  /// Runs the task in a later turn of the loop, or not at all if the loop ends.
  virtual void later(UniqueFunction<void()> task) = 0;
};

/// The key sets of one verifier by their URLs. A key is only ever found in the set of the URL that was asked,
/// since key ids mean nothing beyond it. Lives on one loop; destroying it tells those who wait.
class Jwks {
 public:
  /// More URLs at a time than this are not remembered: the one that was asked longest ago gives way.
  static constexpr std::size_t kMaxSets = 256;
  /// More tokens than this do not wait for one fetch.
  static constexpr std::size_t kMaxWaiting = 10'000;
  /// Those who waited are called back for so long a time in a turn, as checking their tokens is work.
  static constexpr std::int64_t kAnswerMs = 2;

  Jwks(JwksFetcher& fetcher, const Clock& clock) : fetcher_(fetcher), clock_(clock) {}
  ~Jwks();
  Jwks(const Jwks&) = delete;
  Jwks& operator=(const Jwks&) = delete;

  struct Found {
    JwksState::Answer answer;
    std::vector<const Jwk*>
        keys;  ///< of that id, valid until the loop's next turn; empty unless the answer is `use`
  };
  Found find(const std::string& url, std::string_view kid, bool has_waited = false);

  /// After the answer `wait`: calls back when the fetch has ended, with false if it brought no set.
  void wait(const std::string& url, UniqueFunction<void(bool)> done);

  std::size_t num_sets() const { return sets_.size(); }

 private:
  struct Set {
    std::string url;
    JwksState state;
    std::vector<Jwk> keys;
    std::vector<UniqueFunction<void(bool)>> waiting;
  };

  struct Answered {
    UniqueFunction<void(bool)> done;
    bool fetched;
  };

  Set& set_of(const std::string& url);
  void fetch(Set& set);
  void on_answer(Set& set, Result<std::string> document);
  void answer_some();

  JwksFetcher& fetcher_;
  const Clock& clock_;
  std::list<Set> sets_;            // the one asked last is at the front
  std::deque<Answered> answered_;  // whose fetch has ended, and who are to be told
  bool answers_later_ = false;
  std::shared_ptr<Jwks*> self_ = std::make_shared<Jwks*>(this);
};

}  // namespace whirl::auth
