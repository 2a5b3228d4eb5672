#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

/// Messages and the tables that describe them. A message is a trivially copyable struct of views whose
/// members have the types below; its one Schema names every field, and JSON and Protobuf are both read and
/// written from it. Views point into the bytes a message was decoded from, into the Arena of that decode, or
/// wherever the code that builds a message for encoding keeps the data.
namespace whirl::codec {

/// Bytes that pass untouched: a JSON value in JSON, `bytes` in Protobuf. Absent if data() is null.
struct Raw {
  std::string_view bytes;

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

/// Specialised for each message: `static constexpr auto fields = std::tuple{field<1>("name", &M::name),
/// ...};` in the order in which fields are written.
template <class M>
struct Schema;

/// What a field is, beyond the type of its member.
enum class Trait : std::uint8_t {
  none,
  always,  // written in JSON even when it has the default value
  zigzag,  // an int64_t that is sint64 in Protobuf
};

template <class M, class T>
struct Field {
  std::string_view name;
  std::uint32_t number;
  T M::*member;
  Trait trait;
};

template <std::uint32_t Number, class M, class T>
constexpr Field<M, T> field(std::string_view name, T M::*member, Trait trait = Trait::none) {
  static_assert(Number > 0);
  return {name, Number, member, trait};
}

// --- The same tables with the types erased, which is what the readers and writers walk. ---

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

template <class M>
const Table& table();

namespace detail {

template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<List<T>> = true;
template <class T>
constexpr bool is_map = false;
template <class T>
constexpr bool is_map<List<Entry<T>>> = true;

template <class T>
void describe_element(FieldInfo& info) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    info.element = Kind::text;
  } else if constexpr (std::is_same_v<T, double>) {
    info.element = Kind::real;
  } else if constexpr (std::is_pointer_v<T>) {
    info.element = Kind::message;
    info.pointers = true;
    info.sub = &table<std::remove_const_t<std::remove_pointer_t<T>>>;
  } else {
    info.element = Kind::message;
    info.sub = &table<T>;
  }
}

template <class T>
void describe_list(FieldInfo& info, List<T>*) {
  info.kind = Kind::list;
  info.item_size = sizeof(T);
  describe_element<T>(info);
}

template <class T>
void describe_list(FieldInfo& info, List<Entry<T>>*) {
  info.kind = Kind::map;
  info.item_size = sizeof(Entry<T>);
  const Entry<T> probe{};
  info.value_offset = static_cast<std::uint16_t>(reinterpret_cast<const char*>(&probe.value) -
                                                 reinterpret_cast<const char*>(&probe));
  describe_element<T>(info);
}

template <class T>
constexpr Kind scalar_kind() {
  if constexpr (std::is_same_v<T, bool>) return Kind::boolean;
  if constexpr (std::is_same_v<T, std::uint32_t>) return Kind::uint32;
  if constexpr (std::is_same_v<T, std::int32_t>) return Kind::int32;
  if constexpr (std::is_same_v<T, std::uint64_t>) return Kind::uint64;
  if constexpr (std::is_same_v<T, std::int64_t>) return Kind::int64;
  if constexpr (std::is_same_v<T, double>) return Kind::real;
  if constexpr (std::is_same_v<T, std::string_view>) return Kind::text;
  if constexpr (std::is_same_v<T, Raw>) return Kind::raw;
}

template <class M, class T>
FieldInfo describe(const M& blank, const Field<M, T>& f) {
  FieldInfo info;
  info.name = f.name;
  info.number = f.number;
  info.always = f.trait == Trait::always;
  info.offset = static_cast<std::uint16_t>(reinterpret_cast<const char*>(&(blank.*f.member)) -
                                           reinterpret_cast<const char*>(&blank));
  if constexpr (is_list<T>) {
    describe_list(info, static_cast<T*>(nullptr));
  } else if constexpr (std::is_pointer_v<T>) {
    info.kind = Kind::message;
    info.sub = &table<std::remove_const_t<std::remove_pointer_t<T>>>;
  } else {
    info.kind = f.trait == Trait::zigzag ? Kind::sint64 : scalar_kind<T>();
  }
  return info;
}

}  // namespace detail

/// The table of a message, built on first use from its Schema.
template <class M>
const Table& table() {
  static_assert(std::is_trivially_copyable_v<M>);
  static constexpr std::size_t kCount = std::tuple_size_v<decltype(Schema<M>::fields)>;
  struct Built {
    M blank{};
    std::array<FieldInfo, kCount> fields;
    Table table;

    Built() {
      std::apply([this](const auto&... f) { fields = {detail::describe(blank, f)...}; }, Schema<M>::fields);
      table = {fields, sizeof(M), alignof(M), &blank};
    }
  };
  static const Built built;
  return built.table;
}

}  // namespace whirl::codec
