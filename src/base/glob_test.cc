#include "base/glob.h"

#include <gtest/gtest.h>

namespace whirl {
namespace {

bool glob(std::string_view pattern, std::string_view text) {
  auto compiled = Glob::compile(pattern);
  EXPECT_TRUE(compiled) << pattern;
  return compiled && compiled->matches(text);
}

TEST(Glob, MatchesWholeTexts) {
  struct Case {
    std::string_view pattern, text;
    bool matches;
  };
  const Case cases[] = {
      {"", "", true},
      {"", "a", false},
      {"abc", "abc", true},
      {"abc", "abcd", false},
      {"*", "", true},
      {"*", "https://any.example", true},
      {"https://*.example.com", "https://eu.example.com", true},
      {"https://*.example.com", "https://example.com", false},
      {"a*b*c", "a-b-b-c", true},
      {"a*b*c", "a-c-b", false},
      {"**x", "x", true},
      {"http://localhost:300?", "http://localhost:3000", true},
      {"http://localhost:300?", "http://localhost:300", false},
      {"[abc]x", "bx", true},
      {"[abc]x", "dx", false},
      {"[!abc]x", "dx", true},
      {"[a-c]x", "bx", true},
      {"[!a-c]x", "bx", false},
      {"[]]", "]", true},
      {"{one,two}.example", "two.example", true},
      {"{one,two}.example", "three.example", false},
      {"{a,b{1,2}}", "b2", true},
      {"{a,}b", "b", true},
      {R"(\*)", "*", true},
      {R"(\*)", "x", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(glob(c.pattern, c.text), c.matches) << c.pattern << " against " << c.text;
  }
}

TEST(Glob, RefusesBrokenPatterns) {
  for (std::string_view pattern : {"[abc", "{a,b", "a}", R"(\{a,b})"})
    EXPECT_FALSE(Glob::compile(pattern)) << pattern;
}

TEST(Glob, BoundsTheNumberOfAlternatives) {
  std::string pattern;
  for (int i = 0; i < 8; ++i) pattern += "{a,b}";
  EXPECT_TRUE(Glob::compile(pattern));
  EXPECT_FALSE(Glob::compile(pattern + "{a,b}"));
}

TEST(Glob, TakesNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a*";
  EXPECT_FALSE(glob(pattern + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace whirl
