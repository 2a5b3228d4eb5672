#pragma once
#include <cstdint>

namespace whirl::auth {

/// When one key set is fetched, used and given up: a state machine that knows no clock and no network. Times
/// are monotonic milliseconds.
///
/// A set is used as it is for an hour, then fetched anew while the old one goes on being used, for a day if
/// need be. A key id that is not in the set makes it be fetched at once, for keys are rotated; where that
/// happens again and again, once a second. When the third fetch in a row failed (each is tried twice) the
/// next one waits, from one second doubling up to a minute.
class JwksState {
 public:
  static constexpr std::int64_t kFreshMs = 1000;  ///< of waiting give back one fetch for an unknown key id
  static constexpr std::int64_t kBurst = 5;       ///< such fetches may come in a row
  static constexpr std::int64_t kRefreshMs = 3600 * 1000;
  static constexpr std::int64_t kUsableMs = 24 * 3600 * 1000;
  static constexpr std::int64_t kFirstDelayMs = 1000;
  static constexpr std::int64_t kLastDelayMs = 60 * 1000;
  static constexpr int kTries = 2;
  static constexpr int kFailures = 3;  ///< that many in a row make the next fetch wait

  enum class Answer : std::uint8_t {
    use,          ///< the key in the set
    unknown,      ///< no such key
    wait,         ///< for the end of the fetch
    unavailable,  ///< there is no set, and it is too early to ask again
  };
  struct Lookup {
    Answer answer;
    bool fetch = false;  ///< start a fetch now
  };

  /// A token names a key which is (`found`) or is not in the set at hand. One that has waited for a fetch
  /// takes what that brought.
  Lookup look_up(bool found, std::int64_t now_ms, bool has_waited = false);

  /// The fetch brought a set.
  void on_fetched(std::int64_t now_ms);
  /// The fetch failed. True: try again at once; false: tell those who wait.
  bool on_failed(std::int64_t now_ms);

  bool fetching() const { return fetching_; }

 private:
  Lookup start_fetch(Answer answer);
  bool may_look_for_new_keys(std::int64_t now_ms);

  std::int64_t fetched_ms_ = 0;
  std::int64_t not_before_ms_ = 0;
  std::int64_t delay_ms_ = 0;
  std::int64_t paid_until_ms_ = 0;  // each fetch for an unknown key id moves it by kFreshMs
  int tries_left_ = 0;
  int failures_ = 0;
  bool loaded_ = false;
  bool fetching_ = false;
};

}  // namespace whirl::auth
