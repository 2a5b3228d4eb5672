#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace whirl {

/// Immutable bytes with an atomic reference count: the payload of a publication, or a frame that many
/// outboxes hold. One allocation, one pointer in size. A copy shares; any thread may hold one.
class SharedBytes {
 public:
  SharedBytes() = default;

  static SharedBytes copy(std::string_view bytes) {
    SharedBytes out = allocate(bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.writable());
    return out;
  }

  /// Bytes to be filled in through writable() before the first copy is made.
  static SharedBytes allocate(std::size_t size) {
    SharedBytes out;
    out.block_ = ::new (::operator new(sizeof(Block) + size)) Block{{1}, static_cast<std::uint32_t>(size)};
    return out;
  }

  SharedBytes(const SharedBytes& other) : block_(other.block_) {
    if (block_) block_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  SharedBytes(SharedBytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedBytes() { release(); }

  explicit operator bool() const { return block_ != nullptr; }
  std::size_t size() const { return block_ ? block_->size : 0; }
  const char* data() const { return block_ ? reinterpret_cast<const char*>(block_ + 1) : nullptr; }
  char* writable() { return reinterpret_cast<char*>(block_ + 1); }
  std::string_view view() const { return {data(), size()}; }

 private:
  struct Block {
    std::atomic<std::uint32_t> refs;
    std::uint32_t size;
  };

  void release() {
    if (block_ && block_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) ::operator delete(block_);
  }

  Block* block_ = nullptr;
};

}  // namespace whirl
