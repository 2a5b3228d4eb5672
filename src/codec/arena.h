#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace whirl::codec {

/// Where decoded messages put what is not in their input: sub-messages, lists, unescaped text. One per loop
/// is enough: reset() ends the life of everything in it at once and keeps the first block, so decoding
/// ordinary messages allocates nothing. Only trivially destructible things live here.
class Arena {
 public:
  explicit Arena(std::size_t first_block = 16 * 1024);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  /// Uninitialised memory; `alignment` is a power of two of at most alignof(max_align_t).
  void* allocate(std::size_t size, std::size_t alignment) {
    auto at = (next_ + alignment - 1) & ~(static_cast<std::uintptr_t>(alignment) - 1);
    if (at + size > end_ || at < next_) [[unlikely]]
      return allocate_in_new_block(size, alignment);
    next_ = at + size;
    return reinterpret_cast<void*>(at);
  }

  /// Uninitialised bytes of text.
  char* text(std::size_t size) { return static_cast<char*>(allocate(size, 1)); }

  /// A copy of `text` that lives as long as the arena's contents.
  std::string_view copy(std::string_view text);

  /// Gives everything back; blocks beyond the first are freed.
  void reset();

  /// Bytes held in all blocks.
  std::size_t capacity() const { return capacity_; }

 private:
  struct Block {
    Block* next;
    std::size_t size;
  };

  void* allocate_in_new_block(std::size_t size, std::size_t alignment);
  void add_block(std::size_t size);

  std::uintptr_t next_ = 0;
  std::uintptr_t end_ = 0;
  std::size_t first_size_;
  std::size_t capacity_ = 0;
  Block* blocks_ = nullptr;  // the newest first
};

}  // namespace whirl::codec
