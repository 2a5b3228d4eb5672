#include "auth/jwks_state.h"

#include <algorithm>

namespace whirl::auth {

JwksState::Lookup JwksState::start_fetch(Answer answer) {
  fetching_ = true;
  tries_left_ = kTries;
  return {answer, true};
}

bool JwksState::may_look_for_new_keys(std::int64_t now_ms) {
  const std::int64_t paid_until = std::max(paid_until_ms_, now_ms) + kFreshMs;
  if (paid_until > now_ms + kBurst * kFreshMs) return false;
  paid_until_ms_ = paid_until;
  return true;
}

JwksState::Lookup JwksState::look_up(bool found, std::int64_t now_ms, bool has_waited) {
  const std::int64_t age = now_ms - fetched_ms_;
  const bool usable = loaded_ && age < kUsableMs;
  if (found && usable) {
    const bool refresh = age >= kRefreshMs && !fetching_ && now_ms >= not_before_ms_;
    return refresh ? start_fetch(Answer::use) : Lookup{Answer::use};
  }
  if (has_waited) return {usable ? Answer::unknown : Answer::unavailable};
  if (fetching_) return {Answer::wait};
  if (now_ms < not_before_ms_) return {Answer::unavailable};
  if (usable && !may_look_for_new_keys(now_ms)) return {Answer::unknown};
  return start_fetch(Answer::wait);
}

void JwksState::on_fetched(std::int64_t now_ms) {
  fetching_ = false;
  loaded_ = true;
  fetched_ms_ = now_ms;
  failures_ = 0;
  delay_ms_ = 0;
  not_before_ms_ = 0;
}

bool JwksState::on_failed(std::int64_t now_ms) {
  if (--tries_left_ > 0) return true;
  fetching_ = false;
  if (++failures_ < kFailures) return false;
  delay_ms_ = std::clamp(delay_ms_ * 2, kFirstDelayMs, kLastDelayMs);
  not_before_ms_ = now_ms + delay_ms_;
  return false;
}

}  // namespace whirl::auth
