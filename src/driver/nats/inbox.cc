#include "driver/nats/inbox.h"

#include <nats/nats.h>

#include <utility>

#include "net/loop.h"

namespace whirl::driver::nats {

void MessageEnd::operator()(natsMsg* message) const {
  natsMsg_Destroy(message);
}

void Inbox::put(std::uint64_t subscription, MessagePtr message) {
  const auto size = static_cast<std::size_t>(natsMsg_GetDataLength(message.get()));
  std::lock_guard lock(mutex_);
  if (!loop_) return;
  if (content_.messages.size() >= kMaxMessages || bytes_ + size > kMaxBytes) {
    ++content_.dropped;
  } else {
    bytes_ += size;
    content_.messages.push_back({subscription, std::move(message)});
  }
  wake();
}

void Inbox::put(Outcome outcome) {
  std::lock_guard lock(mutex_);
  if (!loop_) return;
  content_.outcomes.push_back(std::move(outcome));
  wake();
}

void Inbox::wake() {
  if (woken_) return;
  woken_ = true;
  loop_->post([self = shared_from_this()] {
    if (self->loop_) self->reader_->read_inbox();
  });
}

Inbox::Content Inbox::take() {
  std::lock_guard lock(mutex_);
  woken_ = false;
  bytes_ = 0;
  return std::exchange(content_, {});
}

void Inbox::close() {
  std::lock_guard lock(mutex_);
  loop_ = nullptr;
  content_ = {};
}

}  // namespace whirl::driver::nats
