#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/shared_bytes.h"

namespace whirl::net {

class Outbox;
/// Gives the outbox back to its thread's pool.
struct RecycleOutbox {
  void operator()(Outbox* outbox) const;
};
using OutboxPtr = std::unique_ptr<Outbox, RecycleOutbox>;

/// What waits to be sent on one stream, in order. A stream has one only while something waits; they are
/// pooled per thread, so a turn's fan-out allocates nothing once warm.
class Outbox {
 public:
  static OutboxPtr make();

  bool empty() const { return head_ == items_.size(); }
  std::size_t bytes() const { return bytes_; }
  void push(SharedBytes bytes);
  /// Fills `parts` from the front; returns how many were filled.
  std::size_t gather(std::span<iovec> parts) const;
  /// Removes bytes that were sent.
  void consume(std::size_t bytes);
  /// Takes the first item out, of which no part was consumed; there must be one.
  SharedBytes pop();

 private:
  friend struct RecycleOutbox;
  std::vector<SharedBytes> items_;
  std::size_t head_ = 0;         // items before it are sent
  std::size_t head_offset_ = 0;  // bytes of the first item that are sent
  std::size_t bytes_ = 0;
};

}  // namespace whirl::net
