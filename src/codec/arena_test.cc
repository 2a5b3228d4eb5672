#include "codec/arena.h"

#include <gtest/gtest.h>

namespace whirl::codec {
namespace {

TEST(Arena, KeepsItsFirstBlockAndFreesTheRest) {
  Arena arena(256);
  std::size_t small = arena.capacity();
  for (int i = 0; i < 1000; ++i) arena.allocate(100, 8);
  EXPECT_GT(arena.capacity(), 100'000u);
  arena.reset();
  EXPECT_EQ(arena.capacity(), small);
  arena.allocate(200, 8);
  EXPECT_EQ(arena.capacity(), small);
}

TEST(Arena, AlignsAndDoesNotOverlap) {
  Arena arena(64);
  char* one = arena.text(1);
  auto* number = static_cast<std::uint64_t*>(arena.allocate(8, 8));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(number) % 8, 0u);
  *one = 'x';
  *number = ~std::uint64_t{0};
  EXPECT_EQ(*one, 'x');
}

TEST(Arena, TakesWhatIsLargerThanABlock) {
  Arena arena(16);
  std::string large(100'000, 'y');
  EXPECT_EQ(arena.copy(large), large);
}

}  // namespace
}  // namespace whirl::codec
