#include "net/outbox.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"

namespace whirl::net {

class Outbox::Queue {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t bytes() const { return bytes_; }

  void push(SharedBytes bytes) {
    bytes_ += bytes.size();
    items_.push_back(std::move(bytes));
  }

  std::size_t gather(std::span<iovec> parts) const {
    std::size_t count = std::min(parts.size(), items_.size() - head_);
    for (std::size_t i = 0; i < count; ++i) {
      const SharedBytes& item = items_[head_ + i];
      std::size_t skip = i == 0 ? head_offset_ : 0;
      parts[i] = {const_cast<char*>(item.data()) + skip, item.size() - skip};
    }
    return count;
  }

  void consume(std::size_t bytes) {
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

  SharedBytes pop() {
    WHIRL_CHECK(head_offset_ == 0);
    SharedBytes bytes = std::move(items_[head_++]);
    bytes_ -= bytes.size();
    return bytes;
  }

  bool worth_keeping() const { return items_.capacity() <= kKeptCapacity; }
  void clear() {
    items_.clear();
    head_ = head_offset_ = bytes_ = 0;
  }

 private:
  static constexpr std::size_t kKeptCapacity = 32;

  std::vector<SharedBytes> items_;
  std::size_t head_ = 0;         // items before it are sent
  std::size_t head_offset_ = 0;  // bytes of the first item that are sent
  std::size_t bytes_ = 0;
};

namespace {

constexpr std::size_t kPooled = 4096;  // queues kept by a thread

template <class Queue>
std::vector<std::unique_ptr<Queue>>& pool() {
  thread_local std::vector<std::unique_ptr<Queue>> queues;
  return queues;
}

}  // namespace

void Outbox::RecycleQueue::operator()(Queue* queue) const {
  std::unique_ptr<Queue> owned(queue);
  auto& free = pool<Queue>();
  if (free.size() >= kPooled || !queue->worth_keeping()) return;
  queue->clear();
  free.push_back(std::move(owned));
}

// Moves what there is into a queue.
Outbox::Queue& Outbox::queue() {
  if (!queue_) {
    auto& free = pool<Queue>();
    if (free.empty()) free.push_back(std::make_unique<Queue>());
    queue_.reset(free.back().release());
    free.pop_back();
    queue_->push(std::exchange(single_, {}));
  }
  return *queue_;
}

void Outbox::enqueue(SharedBytes bytes) {
  queue().push(std::move(bytes));
}

std::size_t Outbox::queued_bytes() const {
  return queue_->bytes();
}

std::size_t Outbox::gather(std::span<iovec> parts) const {
  if (queue_) return queue_->gather(parts);
  if (!single_ || parts.empty()) return 0;
  parts[0] = {const_cast<char*>(single_.data()), single_.size()};
  return 1;
}

void Outbox::consume(std::size_t bytes) {
  if (!queue_ && bytes == single_.size()) {
    single_ = {};
    return;
  }
  queue().consume(bytes);
  if (queue_->empty()) queue_.reset();
}

SharedBytes Outbox::pop() {
  WHIRL_CHECK(!empty());
  if (!queue_) return std::exchange(single_, {});
  SharedBytes bytes = queue_->pop();
  if (queue_->empty()) queue_.reset();
  return bytes;
}

}  // namespace whirl::net
