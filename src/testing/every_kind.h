#pragma once
#include <cstdint>
#include <string_view>

#include "codec/table.h"

namespace whirl::testing {

struct Leaf {
  std::string_view name;
  std::int32_t weight = 0;
};

/// A message with a field of every kind, for the tests of the readers and writers.
struct EveryKind {
  bool boolean = false;
  std::uint32_t uint32 = 0;
  std::int32_t int32 = 0;
  std::uint64_t uint64 = 0;
  std::int64_t int64 = 0;
  std::int64_t sint64 = 0;
  double real = 0;
  std::string_view text;
  codec::Raw raw;
  const Leaf* leaf = nullptr;
  const EveryKind* self = nullptr;
  codec::List<std::string_view> texts;
  codec::List<Leaf> leaves;
  codec::List<const Leaf*> pointers;
  codec::Map<std::string_view> text_map;
  codec::Map<Leaf> leaf_map;
  codec::Map<double> real_map;
};

/// Fields that are written even when they have nothing to say.
struct AlwaysWritten {
  std::uint32_t number = 0;
  std::string_view text;
  codec::List<Leaf> leaves;
  codec::Map<Leaf> map;
  const Leaf* leaf = nullptr;
  codec::Raw raw;
};

}  // namespace whirl::testing

namespace whirl::codec {

template <>
struct Schema<testing::Leaf> {
  using M = testing::Leaf;
  static constexpr auto fields = std::tuple{field<1>("name", &M::name), field<2>("weight", &M::weight)};
};

template <>
struct Schema<testing::EveryKind> {
  using M = testing::EveryKind;
  static constexpr auto fields = std::tuple{field<1>("boolean", &M::boolean),
                                            field<2>("uint32", &M::uint32),
                                            field<3>("int32", &M::int32),
                                            field<4>("uint64", &M::uint64),
                                            field<5>("int64", &M::int64),
                                            field<6>("sint64", &M::sint64, Trait::zigzag),
                                            field<7>("real", &M::real),
                                            field<8>("text", &M::text),
                                            field<9>("raw", &M::raw),
                                            field<10>("leaf", &M::leaf),
                                            field<11>("self", &M::self),
                                            field<12>("texts", &M::texts),
                                            field<13>("leaves", &M::leaves),
                                            field<14>("pointers", &M::pointers),
                                            field<15>("text_map", &M::text_map),
                                            field<16>("leaf_map", &M::leaf_map),
                                            field<200>("real_map", &M::real_map)};
};

template <>
struct Schema<testing::AlwaysWritten> {
  using M = testing::AlwaysWritten;
  static constexpr auto fields =
      std::tuple{field<1>("number", &M::number, Trait::always), field<2>("text", &M::text, Trait::always),
                 field<3>("leaves", &M::leaves, Trait::always), field<4>("map", &M::map, Trait::always),
                 field<5>("leaf", &M::leaf, Trait::always),     field<6>("raw", &M::raw, Trait::always)};
};

}  // namespace whirl::codec
