#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "config/duration.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// What an option holds; each stands for exactly one C++ type of the member.
enum class Kind : std::uint8_t {
  boolean,     ///< bool
  integer,     ///< std::int64_t
  integer32,   ///< std::int32_t
  unsigned32,  ///< std::uint32_t
  text,        ///< std::string
  duration,    ///< Duration
  text_list,   ///< std::vector<std::string>
  text_map,    ///< std::map<std::string, std::string>
  object,      ///< a struct with a table of its own
  object_list  ///< std::vector of such a struct
};

/// Marks of an option, combined with |.
enum Flag : unsigned {
  kPlain = 0,
  kSecret = 1,  ///< its value is never printed
  kPem = 2,     ///< text that is PEM, the base64 of PEM, or the path of a PEM file
  kUrl = 4,     ///< may have a password inside, which is masked where the value is printed
  kHidden = 8,  ///< known, but not part of generated configurations and documentation
  kOwn = 16,    ///< Centrifugo does not know it: documented, but not part of generated configurations
};

/// A vector of structs, seen through functions so that code that walks tables need not know the type.
struct ListAccess {
  std::size_t (*size)(const void* list);
  void* (*at)(void* list, std::size_t index);
  void* (*append)(void* list);
  void (*clear)(void* list);
};

/// One option of an object: where it is and what it means. `doc` is one line in Markdown.
struct Option {
  std::string_view name;
  std::string_view doc;
  Kind kind = Kind::boolean;
  unsigned flags = kPlain;
  std::size_t offset = 0;
  const Table* (*object)() = nullptr;  ///< the table of the object, or of the elements of an object_list
  const ListAccess* list = nullptr;    ///< for an object_list

  bool has(Flag flag) const { return (flags & flag) != 0; }
  bool holds_objects() const { return object != nullptr; }
  void* in(void* holder) const { return static_cast<char*>(holder) + offset; }
  const void* in(const void* holder) const { return static_cast<const char*>(holder) + offset; }
  template <class T>
  T& get(void* holder) const {
    return *static_cast<T*>(in(holder));
  }
  template <class T>
  const T& get(const void* holder) const {
    return *static_cast<const T*>(in(holder));
  }
};

/// The name that people see for the kind of an option: "int", "[]string", "PEMData", "Proxy object".
std::string type_name(const Option& option);

template <class T>
class Row;

/// The options of one struct, in the order of its documentation. Built once, read-only.
class Table {
 public:
  template <class T, std::size_t N>
  Table(std::string_view name, const Row<T> (&rows)[N]);

  std::string_view name() const { return name_; }
  const std::vector<Option>& options() const { return options_; }
  /// A default-constructed struct: its members are the defaults.
  const void* defaults() const { return defaults_; }
  /// Names match in any case; null if there is none.
  const Option* find(std::string_view name) const;

 private:
  std::string_view name_;
  std::vector<Option> options_;
  const void* defaults_ = nullptr;
};

namespace detail {

template <class T>
struct ElementOf {};
template <class T>
struct ElementOf<std::vector<T>> {
  using type = T;
};

template <class T>
const Table* table_of() {
  return &T::table();
}

template <class T>
const T& default_of() {
  static const T value{};
  return value;
}

template <class T>
inline constexpr ListAccess kListAccess = {
    [](const void* list) { return static_cast<const std::vector<T>*>(list)->size(); },
    [](void* list, std::size_t i) -> void* { return &(*static_cast<std::vector<T>*>(list))[i]; },
    [](void* list) -> void* { return &static_cast<std::vector<T>*>(list)->emplace_back(); },
    [](void* list) { static_cast<std::vector<T>*>(list)->clear(); }};

template <class M>
void set_kind(Option& option) {
  if constexpr (std::is_same_v<M, bool>)
    option.kind = Kind::boolean;
  else if constexpr (std::is_same_v<M, std::int64_t>)
    option.kind = Kind::integer;
  else if constexpr (std::is_same_v<M, std::int32_t>)
    option.kind = Kind::integer32;
  else if constexpr (std::is_same_v<M, std::uint32_t>)
    option.kind = Kind::unsigned32;
  else if constexpr (std::is_same_v<M, std::string>)
    option.kind = Kind::text;
  else if constexpr (std::is_same_v<M, Duration>)
    option.kind = Kind::duration;
  else if constexpr (std::is_same_v<M, std::vector<std::string>>)
    option.kind = Kind::text_list;
  else if constexpr (std::is_same_v<M, std::map<std::string, std::string>>)
    option.kind = Kind::text_map;
  else if constexpr (requires { typename ElementOf<M>::type; }) {
    using Element = typename ElementOf<M>::type;
    option.kind = Kind::object_list;
    option.object = &table_of<Element>;
    option.list = &kListAccess<Element>;
  } else {
    option.kind = Kind::object;
    option.object = &table_of<M>;
  }
}

template <class T, class M>
std::size_t offset_of(const T& sample, const M& member) {
  return static_cast<std::size_t>(reinterpret_cast<const char*>(&member) -
                                  reinterpret_cast<const char*>(&sample));
}

}  // namespace detail

/// Stands for all options of a parent struct in the table of a child.
template <class Parent>
struct Base {};

/// A line of a table: {"name", &Struct::name, "what it does", flags}, or Base<Parent>{}.
template <class T>
class Row {
 public:
  template <class M>
  Row(std::string_view name, M T::*member, std::string_view doc, unsigned flags = kPlain) {
    Option option;
    option.name = name;
    option.doc = doc;
    option.flags = flags;
    const T& sample = detail::default_of<T>();
    option.offset = detail::offset_of(sample, sample.*member);
    detail::set_kind<M>(option);
    options_.push_back(option);
  }

  template <class Parent>
  Row(Base<Parent>) : options_(Parent::table().options()) {
    const T& sample = detail::default_of<T>();
    const std::size_t shift = detail::offset_of(sample, static_cast<const Parent&>(sample));
    for (Option& option : options_) option.offset += shift;
  }

  const std::vector<Option>& options() const { return options_; }

 private:
  std::vector<Option> options_;
};

template <class T, std::size_t N>
Table::Table(std::string_view name, const Row<T> (&rows)[N])
    : name_(name), defaults_(&detail::default_of<T>()) {
  for (const Row<T>& row : rows) {
    options_.insert(options_.end(), row.options().begin(), row.options().end());
  }
}

}  // namespace whirl::config
