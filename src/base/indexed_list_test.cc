#include "base/indexed_list.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace whirl {
namespace {

class Member {
 public:
  explicit Member(char letter) : name(letter) {}
  const char name;

 private:
  friend class IndexedList<Member>;
  std::uint32_t index_ = 0;
};

class IndexedListTest : public ::testing::Test {
 protected:
  IndexedListTest() {
    for (char name : std::string("abcde")) members.push_back(&list.add(std::make_unique<Member>(name)));
  }

  std::string last(std::size_t most) {
    std::string names;
    list.for_last(most, [&](Member& member) { names += member.name; });
    return names;
  }

  IndexedList<Member> list;
  std::vector<Member*> members;
};

TEST_F(IndexedListTest, GivesTheLatestFirst) {
  EXPECT_EQ(last(2), "ed");
  EXPECT_EQ(last(5), "edcba");
  EXPECT_EQ(last(100), "edcba");
  EXPECT_EQ(last(0), "");
}

TEST_F(IndexedListTest, TakesOutWhicheverIsAskedFor) {
  EXPECT_EQ(list.take(*members[1])->name, 'b');
  EXPECT_EQ(last(5), "dcea");
  EXPECT_EQ(list.take(*members[4])->name, 'e');
  EXPECT_EQ(list.take(*members[3])->name, 'd');
  EXPECT_EQ(last(5), "ca");
  EXPECT_EQ(list.size(), 2u);
}

TEST_F(IndexedListTest, MayLoseMembersWhileItGivesThem) {
  std::string names;
  list.for_each([&](Member& member) {
    names += member.name;
    list.take(member);
  });
  EXPECT_EQ(names, "edcba");
  EXPECT_EQ(list.size(), 0u);
}

}  // namespace
}  // namespace whirl
