#pragma once
#include <cstddef>
#include <cstring>
#include <string_view>

#include "codec/arena.h"
#include "codec/schema.h"

/// What the readers and writers share to reach members of messages through the erased tables.
namespace whirl::codec {

template <class T>
T& member(void* message, std::size_t offset) {
  return *reinterpret_cast<T*>(static_cast<char*>(message) + offset);
}

template <class T>
const T& member(const void* message, std::size_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(message) + offset);
}

/// A pointer to a message of any type.
inline const void* pointer_of(const void* message, std::size_t offset) {
  const void* pointer;
  std::memcpy(&pointer, static_cast<const char*>(message) + offset, sizeof pointer);
  return pointer;
}

inline void set_pointer(void* message, std::size_t offset, const void* pointer) {
  std::memcpy(static_cast<char*>(message) + offset, &pointer, sizeof pointer);
}

/// A List<T> or Map<T> of any T: the same two members.
struct ErasedList {
  const char* items;
  std::size_t count;
};
static_assert(sizeof(ErasedList) == sizeof(List<int>) && sizeof(ErasedList) == sizeof(Map<double>));

inline ErasedList list_of(const void* message, const FieldInfo& field) {
  ErasedList list;
  std::memcpy(&list, static_cast<const char*>(message) + field.offset, sizeof list);
  return list;
}

inline void set_list(void* message, const FieldInfo& field, ErasedList list) {
  std::memcpy(static_cast<char*>(message) + field.offset, &list, sizeof list);
}

/// Where the value of an item of a list or map is.
inline char* item_value(char* item, const FieldInfo& field) {
  return item + field.value_offset;
}
inline const char* item_value(const char* item, const FieldInfo& field) {
  return item + field.value_offset;
}

inline void* new_message(const Table& table, Arena& arena) {
  void* out = arena.allocate(table.size, table.alignment);
  std::memcpy(out, table.blank, table.size);
  return out;
}

/// A message to decode into for a field that may have been met before: what came first stays where the second
/// is silent.
inline void* message_to_merge(void* message, const FieldInfo& field, const Table& table, Arena& arena) {
  const void* first = pointer_of(message, field.offset);
  void* out = arena.allocate(table.size, table.alignment);
  std::memcpy(out, first ? first : table.blank, table.size);
  set_pointer(message, field.offset, out);
  return out;
}

/// Appends an item, with everything at its default, to a list that was decoded into this arena; returns it.
/// The capacity follows from the count, so no list needs to remember one.
char* append_item(ErasedList& list, const FieldInfo& field, Arena& arena);

/// Leaves one entry per key in a decoded map, the one that came last.
void keep_last_of_each_key(ErasedList& map, const FieldInfo& field, Arena& arena);

}  // namespace whirl::codec
