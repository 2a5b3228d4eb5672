#pragma once
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>

#include "base/shared_bytes.h"

namespace whirl::http::h3 {

/// The bytes of one stream on their way to the client, which are kept until the client says that it has them.
class SendQueue {
 public:
  void push(SharedBytes bytes);
  /// No more comes behind what was pushed.
  void end() { ended_ = true; }

  bool ended() const { return ended_; }
  /// Bytes that were not handed over yet.
  std::size_t unsent() const { return unsent_; }
  /// All of it is with the client, and nothing more comes.
  bool arrived() const { return ended_ && chunks_.empty(); }
  /// Fills `parts` with bytes that come next, and returns how many parts were filled.
  std::size_t gather(std::span<std::string_view> parts) const;
  /// That many bytes of what gather() gave went out; they stay where they are.
  void sent(std::size_t bytes);
  /// That many more bytes arrived.
  void acked(std::uint64_t bytes);

 private:
  std::deque<SharedBytes> chunks_;
  std::size_t next_ = 0;         // the chunk that the next byte to be sent is in
  std::size_t next_offset_ = 0;  // bytes of it that were sent
  std::size_t unsent_ = 0;
  std::uint64_t acked_ = 0;  // bytes of the first chunk
  bool ended_ = false;
};

}  // namespace whirl::http::h3
