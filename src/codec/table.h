#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "codec/schema.h"

/// How the table of a message is written down. It takes long to compile, so this belongs in .cc files: one
/// has the schemas of a folder's messages and instantiates table<M>() for those that others use.
namespace whirl::codec {

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
