#include "testing/every_kind.h"

#include "codec/table.h"

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

template const Table& table<testing::Leaf>();
template const Table& table<testing::EveryKind>();
template const Table& table<testing::AlwaysWritten>();

}  // namespace whirl::codec
