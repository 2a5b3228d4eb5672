#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Messages and the tables that describe them. A message is a trivially copyable struct of views whose
/// members have the types below; its one table (table.h) names every field, and JSON and Protobuf are both
/// read and written from it. Views point into the bytes a message was decoded from, into the Arena of that
/// decode, or wherever the code that builds a message for encoding keeps the data.
namespace whirl::codec {

/// Bytes that pass untouched: a JSON value in JSON, `bytes` in Protobuf. Absent if data() is null.
struct Raw {
  std::string_view bytes;

  /// Absent if there is nothing.
  static Raw unless_empty(std::string_view bytes) { return bytes.empty() ? Raw{} : Raw{bytes}; }

  bool present() const { return bytes.data() != nullptr; }
  friend bool operator==(Raw a, Raw b) { return a.bytes == b.bytes; }
};

/// A repeated field: a view of consecutive items that live elsewhere. `List<const M*>` is for lists of
/// messages in which JSON may have a null.
template <class T>
struct List {
  const T* items = nullptr;
  std::size_t count = 0;

  constexpr List() = default;
  constexpr List(const T* first, std::size_t n) : items(first), count(n) {}
  template <class Container>
  requires requires(const Container& c) {
    { c.data() } -> std::convertible_to<const T*>;
    { c.size() } -> std::convertible_to<std::size_t>;
  }
  constexpr List(const Container& c) : items(c.data()), count(c.size()) {}

  constexpr std::size_t size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr const T* data() const { return items; }
  constexpr const T* begin() const { return items; }
  constexpr const T* end() const { return items + count; }
  constexpr const T& operator[](std::size_t i) const { return items[i]; }
};

template <class T>
struct Entry {
  std::string_view key;
  T value{};
};

/// A map<string, T>: T is string_view, double or a message. Decoding keeps one entry per key (the last one
/// that came); the order of the entries is not defined.
template <class T>
using Map = List<Entry<T>>;

enum class Kind : std::uint8_t {
  boolean,
  uint32,
  int32,
  uint64,
  int64,
  sint64,
  real,     // double
  text,     // std::string_view
  raw,      // Raw
  message,  // const M*
  list,     // List<element>
  map,      // Map<element>
};

struct Table;

/// One field of a message. `element` is the kind of a list's items or a map's values: text, real, message
/// (stored in place) or, for List<const M*>, `raw` never and `pointers` true. `sub` is the table of the
/// message it leads to.
struct FieldInfo {
  std::string_view name;
  std::uint32_t number = 0;
  Kind kind = Kind::boolean;
  Kind element = Kind::boolean;
  bool always = false;
  bool pointers = false;
  std::uint16_t offset = 0;
  std::uint16_t item_size = 0;     // of a list's or map's items
  std::uint16_t value_offset = 0;  // of the value in a map's entry
  const Table& (*sub)() = nullptr;
};

struct Table {
  std::span<const FieldInfo> fields;
  std::uint16_t size = 0;
  std::uint16_t alignment = 0;
  const void* blank = nullptr;  // a message with every field at its default
};

/// Where the table of a message is instantiated is up to the folder that owns the message: see table.h.
template <class M>
const Table& table();

}  // namespace whirl::codec
