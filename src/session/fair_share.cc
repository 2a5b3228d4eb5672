#include "session/fair_share.h"

#include <iterator>
#include <utility>

#include "session/client.h"

namespace whirl::session {

FairShare::FairShare(net::Loop& loop) : loop_(loop), overdue_(std::make_shared<Overdue>()) {}

bool FairShare::used_up(const Client& client) {
  if (loop_.now_ms() != turn_ms_) {
    served_ = nullptr;
    turn_ms_ = loop_.now_ms();
    until_ms_ = turn_ms_ + kTurnMs;
  }
  if (&client != served_) {
    served_ = &client;
    since_ms_ = 0;
    // To let somebody in is expensive; many who come at once are let in over several turns.
    return client.is_new() && loop_.clock().monotonic_ms() >= until_ms_;
  }
  const std::int64_t now_ms = loop_.clock().monotonic_ms();
  if (since_ms_ == 0) since_ms_ = now_ms;
  return now_ms - since_ms_ >= kShareMs || now_ms >= until_ms_;
}

void FairShare::put_off(std::weak_ptr<Client> client) {
  overdue_->push_back(std::move(client));
  if (overdue_->size() == 1) serve_later();
}

void FairShare::serve_later() {
  loop_.post([this, lives = std::weak_ptr<Overdue>(overdue_)] {
    if (!lives.expired()) serve_overdue();
  });
}

void FairShare::serve_overdue() {
  turn_ms_ = loop_.now_ms();
  until_ms_ = loop_.clock().monotonic_ms() + kOverdueMs;
  // Who is put off again comes behind those of now.
  Overdue waiting = std::exchange(*overdue_, {});
  while (!waiting.empty()) {
    const std::shared_ptr<Client> client = waiting.front().lock();
    waiting.pop_front();
    served_ = nullptr;
    if (client) client->take_turn();
    if (loop_.clock().monotonic_ms() >= until_ms_) break;
  }
  const bool posted = !overdue_->empty();
  overdue_->insert(overdue_->begin(), std::make_move_iterator(waiting.begin()),
                   std::make_move_iterator(waiting.end()));
  if (!posted && !overdue_->empty()) serve_later();
}

}  // namespace whirl::session
