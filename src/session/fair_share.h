#pragma once
#include <cstdint>
#include <deque>
#include <memory>

#include "net/loop.h"

namespace whirl::session {

class Client;

/// Divides a loop's time among sessions, so that those whose clients send faster than they can be served
/// delay the others by little. In a turn a session answers one command, and more for kShareMs as long as the
/// turn is younger than kTurnMs; what is left waits for a later turn, and so does a connect command that
/// comes later in the turn than that. Sessions that wait so have kOverdueMs of each turn together and go on
/// in the order they came in, so the delay does not grow with their number. Part of the context of a loop's
/// sessions.
class FairShare {
 public:
  static constexpr std::int64_t kShareMs = 1;
  static constexpr std::int64_t kTurnMs = 5;
  static constexpr std::int64_t kOverdueMs = 5;

  explicit FairShare(net::Loop& loop);

  /// Asked before each command. The first one of a turn is always in order and costs no look at the clock.
  bool used_up(const Client& client);
  /// Lets the session go on in a later turn.
  void put_off(std::weak_ptr<Client> client);

 private:
  using Overdue = std::deque<std::weak_ptr<Client>>;

  void serve_later();
  void serve_overdue();

  net::Loop& loop_;
  const Client* served_ = nullptr;  // only compared
  std::int64_t turn_ms_ = 0;
  std::int64_t until_ms_ = 0;         // when nobody gets more than one command any more
  std::int64_t since_ms_ = 0;         // 0 = one command so far
  std::shared_ptr<Overdue> overdue_;  // shared so that what is posted sees whether this still lives
};

}  // namespace whirl::session
