#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>

#include "base/shared_bytes.h"

namespace whirl::net {

/// What waits to be sent on one stream, in order. One piece, which is all that most turns have for a
/// connection, is held in place; the queue for more is pooled per thread, so a turn's fan-out allocates
/// nothing once warm.
class Outbox {
 public:
  bool empty() const { return !single_ && !queue_; }
  std::size_t bytes() const { return queue_ ? queued_bytes() : single_.size(); }
  void push(SharedBytes bytes) {
    if (bytes.size() == 0) return;
    if (empty()) {
      single_ = std::move(bytes);
    } else {
      enqueue(std::move(bytes));
    }
  }
  /// Fills `parts` from the front; returns how many were filled.
  std::size_t gather(std::span<iovec> parts) const;
  /// Removes bytes that were sent.
  void consume(std::size_t bytes);
  /// Takes the first item out, of which no part was consumed; there must be one.
  SharedBytes pop();
  void clear() {
    single_ = {};
    queue_.reset();
  }

 private:
  class Queue;
  struct RecycleQueue {
    void operator()(Queue* queue) const;
  };

  std::size_t queued_bytes() const;
  Queue& queue();
  void enqueue(SharedBytes bytes);

  SharedBytes single_;                          // all there is, nothing of it sent; or else
  std::unique_ptr<Queue, RecycleQueue> queue_;  // which is never empty
};

}  // namespace whirl::net
