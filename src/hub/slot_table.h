#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"

namespace whirl::hub {

/// Values that many entries share, kept once and counted; an entry names its value by a small index. Made for
/// few distinct values: looking one up compares with each.
template <class T>
class SlotTable {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = ~Index{0};

  /// The index of the first value in use for which `is_equal` holds, or kNone.
  template <class Equal>
  Index find(Equal is_equal) const {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].users > 0 && is_equal(slots_[i].value)) return static_cast<Index>(i);
    }
    return kNone;
  }

  /// One more user of a slot that is in use.
  Index share(Index index) {
    ++slots_[index].users;
    return index;
  }

  /// Takes the value in, with one user.
  Index add(T value) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].users > 0) continue;
      slots_[i] = {std::move(value), 1};
      return static_cast<Index>(i);
    }
    slots_.push_back({std::move(value), 1});
    return static_cast<Index>(slots_.size() - 1);
  }

  void release(Index index) {
    WHIRL_CHECK(slots_[index].users > 0);
    if (--slots_[index].users > 0) return;
    slots_[index].value = T{};
    while (!slots_.empty() && slots_.back().users == 0) slots_.pop_back();
  }

  const T& operator[](Index index) const { return slots_[index].value; }
  /// All indexes in use are below this.
  std::size_t size() const { return slots_.size(); }

 private:
  struct Slot {
    T value{};
    std::size_t users = 0;
  };
  std::vector<Slot> slots_;
};

}  // namespace whirl::hub
