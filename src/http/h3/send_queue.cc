#include "http/h3/send_queue.h"

#include <algorithm>
#include <utility>

namespace whirl::http::h3 {

void SendQueue::push(SharedBytes bytes) {
  if (bytes.size() == 0) return;
  unsent_ += bytes.size();
  chunks_.push_back(std::move(bytes));
}

std::size_t SendQueue::gather(std::span<std::string_view> parts) const {
  std::size_t filled = 0;
  for (std::size_t i = next_; i < chunks_.size() && filled < parts.size(); ++i) {
    std::string_view chunk = chunks_[i].view();
    if (i == next_) chunk.remove_prefix(next_offset_);
    parts[filled++] = chunk;
  }
  return filled;
}

void SendQueue::sent(std::size_t bytes) {
  unsent_ -= bytes;
  while (bytes > 0) {
    const std::size_t step = std::min(bytes, chunks_[next_].size() - next_offset_);
    bytes -= step;
    next_offset_ += step;
    if (next_offset_ == chunks_[next_].size()) {
      ++next_;
      next_offset_ = 0;
    }
  }
}

void SendQueue::acked(std::uint64_t bytes) {
  acked_ += bytes;
  while (next_ > 0 && acked_ >= chunks_.front().size()) {
    acked_ -= chunks_.front().size();
    chunks_.pop_front();
    --next_;
  }
}

}  // namespace whirl::http::h3
