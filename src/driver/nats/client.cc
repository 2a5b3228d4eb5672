#include "driver/nats/client.h"

#include <nats/nats.h>

#include <utility>

#include "base/log.h"

namespace whirl::driver::nats {

Client::Client(net::Loop& loop, std::shared_ptr<Connection> connection)
    : loop_(loop),
      connection_(std::move(connection)),
      inbox_(std::make_shared<Inbox>(loop, static_cast<Inbox::Reader&>(*this))) {}

Client::~Client() {
  inbox_->close();
  Batch last;
  last.inbox = inbox_;
  for (const auto& [number, on_message] : subscriptions_) last.orders.push_back(Unsubscribe{number});
  if (!last.orders.empty()) connection_->carry_out(std::move(last));
}

bool Client::is_full(std::size_t bytes) const {
  return unconfirmed_ >= kMaxUnconfirmed || unconfirmed_bytes_ + bytes > kMaxUnconfirmedBytes;
}

void Client::publish(std::string subject, std::string data, Done done) {
  const std::size_t bytes = subject.size() + data.size();
  if (is_full(bytes)) return done(fail("NATS is slower than what is published"));
  add(Publish{std::move(subject), std::move(data)}, std::move(done), 0, bytes);
}

std::uint64_t Client::subscribe(std::string subject, OnMessage on_message, Done done) {
  const std::uint64_t number = ++last_subscription_;
  if (is_full(subject.size())) {
    done(fail("NATS is slower than the subscriptions come"));
    return number;
  }
  subscriptions_.emplace(number, std::make_shared<const OnMessage>(std::move(on_message)));
  const std::size_t bytes = subject.size();
  add(Subscribe{std::move(subject), number}, std::move(done), number, bytes);
  return number;
}

void Client::unsubscribe(std::uint64_t number, Done done) {
  if (subscriptions_.erase(number) == 0) return done({});
  add(Unsubscribe{number}, std::move(done), 0, 0);
}

void Client::add(Order order, Done done, std::uint64_t subscription, std::size_t bytes) {
  ++unconfirmed_;
  unconfirmed_bytes_ += bytes;
  orders_.push_back(std::move(order));
  gathered_.done.push_back(std::move(done));
  gathered_.subscriptions.push_back(subscription);
  gathered_.bytes += bytes;
  loop_.at_end_of_turn(this);
}

void Client::on_turn_end() {
  const std::uint64_t number = next_batch_++;
  waiting_.emplace(number, std::exchange(gathered_, {}));
  connection_->carry_out({number, inbox_, std::exchange(orders_, {})});
}

void Client::read_inbox() {
  Inbox::Content content = inbox_->take();
  if (content.dropped > 0) {
    log::error("messages from NATS were dropped, this node cannot keep up", {{"count", content.dropped}});
    if (on_dropped_) on_dropped_(content.dropped);
  }
  for (Outcome& outcome : content.outcomes) finish(std::move(outcome));
  for (const Inbox::Message& got : content.messages) {
    auto at = subscriptions_.find(got.subscription);
    if (at == subscriptions_.end()) continue;
    auto on_message = at->second;  // it may unsubscribe
    natsMsg* message = got.message.get();
    (*on_message)(natsMsg_GetSubject(message),
                  {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))});
  }
}

void Client::finish(Outcome outcome) {
  auto at = waiting_.find(outcome.number);
  if (at == waiting_.end()) return;
  Waiting waiting = std::move(at->second);
  waiting_.erase(at);
  unconfirmed_ -= waiting.done.size();
  unconfirmed_bytes_ -= waiting.bytes;
  for (std::size_t i = 0; i < waiting.done.size(); ++i) {
    if (!outcome.results[i]) subscriptions_.erase(waiting.subscriptions[i]);
    waiting.done[i](std::move(outcome.results[i]));
  }
}

}  // namespace whirl::driver::nats
