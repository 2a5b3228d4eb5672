#include "codec/erased.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace whirl::codec {
namespace {

constexpr std::size_t kFirstCapacity = 4;
constexpr std::size_t kPairwiseLimit = 16;  // above this many entries, keys are sorted to find equal ones

std::string_view key_of(const ErasedList& map, const FieldInfo& field, std::size_t i) {
  return *reinterpret_cast<const std::string_view*>(map.items + i * field.item_size);
}

void reset_value(char* item, const FieldInfo& field) {
  if (field.kind == Kind::map) ::new (static_cast<void*>(item)) std::string_view();
  char* value = item_value(item, field);
  if (field.element == Kind::text) {
    ::new (static_cast<void*>(value)) std::string_view();
  } else if (field.element == Kind::real) {
    ::new (static_cast<void*>(value)) double(0);
  } else if (field.pointers) {
    set_pointer(value, 0, nullptr);
  } else {
    const Table& table = field.sub();
    std::memcpy(value, table.blank, table.size);
  }
}

bool has_equal_keys(const ErasedList& map, const FieldInfo& field) {
  for (std::size_t i = 1; i < map.count; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (key_of(map, field, i) == key_of(map, field, j)) return true;
    }
  }
  return false;
}

}  // namespace

char* append_item(ErasedList& list, const FieldInfo& field, Arena& arena) {
  std::size_t size = field.item_size;
  bool full = list.count == 0 || (list.count >= kFirstCapacity && std::has_single_bit(list.count));
  if (full) {
    std::size_t capacity = list.count == 0 ? kFirstCapacity : list.count * 2;
    auto* items = static_cast<char*>(arena.allocate(capacity * size, alignof(std::max_align_t)));
    if (list.count > 0) std::memcpy(items, list.items, list.count * size);
    list.items = items;
  }
  char* item = const_cast<char*>(list.items) + list.count++ * size;
  reset_value(item, field);
  return item;
}

void keep_last_of_each_key(ErasedList& map, const FieldInfo& field, Arena& arena) {
  if (map.count < 2) return;
  if (map.count <= kPairwiseLimit && !has_equal_keys(map, field)) return;
  auto* order =
      static_cast<std::uint32_t*>(arena.allocate(map.count * sizeof(std::uint32_t), alignof(std::uint32_t)));
  for (std::size_t i = 0; i < map.count; ++i) order[i] = static_cast<std::uint32_t>(i);
  std::sort(order, order + map.count, [&](std::uint32_t a, std::uint32_t b) {
    int compared = key_of(map, field, a).compare(key_of(map, field, b));
    return compared != 0 ? compared < 0 : a < b;
  });
  ErasedList unique{nullptr, 0};
  for (std::size_t i = 0; i < map.count; ++i) {
    if (i + 1 < map.count && key_of(map, field, order[i]) == key_of(map, field, order[i + 1])) continue;
    std::memcpy(append_item(unique, field, arena), map.items + order[i] * field.item_size, field.item_size);
  }
  map = unique;
}

}  // namespace whirl::codec
