#include "base/regex.h"

#include <gtest/gtest.h>

namespace whirl {
namespace {

Regex compiled(std::string_view pattern) {
  auto regex = Regex::compile(pattern);
  EXPECT_TRUE(regex.has_value()) << pattern;
  return *regex;
}

TEST(Regex, MatchesAnywhereUnlessThePatternIsAnchored) {
  EXPECT_TRUE(compiled("b").matches("abc"));
  EXPECT_FALSE(compiled("^b").matches("abc"));
  EXPECT_FALSE(compiled("^[0-9]{3}$").matches("1234"));
  EXPECT_FALSE(compiled("^[0-9]{3}$").matches("123\n"));
  EXPECT_TRUE(compiled("").matches(""));
}

TEST(Regex, KnowsTheClassesOfGo) {
  EXPECT_TRUE(compiled(R"(^[\p{L}]+$)").matches("ünïcode"));
  EXPECT_FALSE(compiled(R"(^[\p{L}]+$)").matches("with space"));
  EXPECT_TRUE(compiled(R"(^\d+\z)").matches("12"));
  EXPECT_TRUE(compiled("(?i)^abc$").matches("ABC"));
}

TEST(Regex, RefusesWhatGoRefuses) {
  for (std::string_view pattern : {"(", "[a", "a**", "(?=x)", R"(\1)", "(?<!x)"}) {
    auto regex = Regex::compile(pattern);
    ASSERT_FALSE(regex.has_value()) << pattern;
    EXPECT_NE(regex.error().message.find(pattern), std::string::npos);
  }
}

TEST(Regex, GivesNamedGroupsInEitherSpelling) {
  for (std::string_view pattern :
       {"^https://(?P<tenant>a|b)/(?P<realm>x)?$", "^https://(?<tenant>a|b)/(?<realm>x)?$"}) {
    Regex::Groups groups;
    const Regex regex = compiled(pattern);
    ASSERT_TRUE(regex.match_groups("https://b/", Regex::Anchor::none, groups));
    EXPECT_EQ(groups, (Regex::Groups{{"tenant", "b"}, {"realm", ""}}));
    EXPECT_EQ(regex.group_names(), (std::vector<std::string_view>{"tenant", "realm"}));
  }
  EXPECT_TRUE(compiled(R"(^[(?<]\(?<$)").matches("?(<"));
}

TEST(Regex, MatchesTheWholeTextOnRequest) {
  const Regex regex = compiled("(?P<realm>test|testing)");
  Regex::Groups anywhere, whole;
  ASSERT_TRUE(regex.match_groups("testing", Regex::Anchor::none, anywhere));
  EXPECT_EQ(anywhere[0].second, "test");
  ASSERT_TRUE(regex.match_groups("testing", Regex::Anchor::whole_text, whole));
  EXPECT_EQ(whole[0].second, "testing");
  EXPECT_FALSE(regex.match_groups("testings", Regex::Anchor::whole_text, whole));
}

}  // namespace
}  // namespace whirl
