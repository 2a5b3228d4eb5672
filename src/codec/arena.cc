#include "codec/arena.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace whirl::codec {

Arena::Arena(std::size_t first_block) : first_size_(first_block) {
  add_block(first_size_);
}

Arena::~Arena() {
  while (blocks_) {
    Block* next = blocks_->next;
    ::operator delete(blocks_);
    blocks_ = next;
  }
}

std::string_view Arena::copy(std::string_view from) {
  char* to = text(from.size());
  std::memcpy(to, from.data(), from.size());
  return {to, from.size()};
}

void Arena::reset() {
  while (blocks_->next) {
    Block* older = blocks_->next;
    capacity_ -= blocks_->size;
    ::operator delete(blocks_);
    blocks_ = older;
  }
  next_ = reinterpret_cast<std::uintptr_t>(blocks_ + 1);
  end_ = next_ + blocks_->size;
}

void* Arena::allocate_in_new_block(std::size_t size, std::size_t alignment) {
  // Blocks double, so that the number of blocks stays small whatever is decoded.
  add_block(std::max(size + alignment, capacity_));
  return allocate(size, alignment);
}

void Arena::add_block(std::size_t size) {
  blocks_ = ::new (::operator new(sizeof(Block) + size)) Block{blocks_, size};
  capacity_ += size;
  next_ = reinterpret_cast<std::uintptr_t>(blocks_ + 1);
  end_ = next_ + size;
}

}  // namespace whirl::codec
