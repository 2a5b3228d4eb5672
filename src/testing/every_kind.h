#pragma once
#include <cstdint>
#include <string_view>

#include "codec/schema.h"

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
