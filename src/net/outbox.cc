#include "net/outbox.h"

#include <algorithm>

#include "base/check.h"

namespace whirl::net {
namespace {

constexpr std::size_t kPooled = 4096;      // outboxes kept by a thread
constexpr std::size_t kKeptCapacity = 32;  // of the list inside a pooled outbox

std::vector<std::unique_ptr<Outbox>>& pool() {
  thread_local std::vector<std::unique_ptr<Outbox>> outboxes;
  return outboxes;
}

}  // namespace

OutboxPtr Outbox::make() {
  auto& free = pool();
  if (free.empty()) return OutboxPtr(new Outbox);
  OutboxPtr out(free.back().release());
  free.pop_back();
  return out;
}

void RecycleOutbox::operator()(Outbox* outbox) const {
  std::unique_ptr<Outbox> owned(outbox);
  auto& free = pool();
  if (free.size() >= kPooled || outbox->items_.capacity() > kKeptCapacity) return;
  outbox->items_.clear();
  outbox->head_ = outbox->head_offset_ = outbox->bytes_ = 0;
  free.push_back(std::move(owned));
}

void Outbox::push(SharedBytes bytes) {
  if (bytes.size() == 0) return;
  bytes_ += bytes.size();
  items_.push_back(std::move(bytes));
}

std::size_t Outbox::gather(std::span<iovec> parts) const {
  std::size_t count = std::min(parts.size(), items_.size() - head_);
  for (std::size_t i = 0; i < count; ++i) {
    const SharedBytes& item = items_[head_ + i];
    std::size_t skip = i == 0 ? head_offset_ : 0;
    parts[i] = {const_cast<char*>(item.data()) + skip, item.size() - skip};
  }
  return count;
}

void Outbox::consume(std::size_t bytes) {
  bytes_ -= bytes;
  bytes += head_offset_;
  while (head_ < items_.size() && bytes >= items_[head_].size()) {
    bytes -= items_[head_].size();
    items_[head_++] = SharedBytes();
  }
  head_offset_ = bytes;
  // The sent part is dropped once it is the larger one, so a queue that never empties does not grow.
  if (head_ > 64 && head_ * 2 > items_.size()) {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

SharedBytes Outbox::pop() {
  WHIRL_CHECK(head_ < items_.size() && head_offset_ == 0);
  SharedBytes bytes = std::move(items_[head_++]);
  bytes_ -= bytes.size();
  return bytes;
}

}  // namespace whirl::net
