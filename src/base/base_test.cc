#include <gtest/gtest.h>

#include <set>

#include "base/function.h"
#include "base/ids.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/shared_bytes.h"
#include "base/utf8.h"

namespace whirl {
namespace {

TEST(UniqueFunction, OwnsWhatItCapturesSmallOrLarge) {
  auto shared = std::make_shared<int>(7);
  std::array<char, 200> large{};
  large[0] = 1;
  UniqueFunction<int(int)> small = [shared](int n) { return *shared + n; };
  UniqueFunction<int(int)> big = [shared, large](int n) { return *shared + n + large[0]; };
  EXPECT_EQ(small(1), 8);
  UniqueFunction<int(int)> moved = std::move(big);
  EXPECT_FALSE(static_cast<bool>(big));
  EXPECT_EQ(moved(1), 9);
  EXPECT_EQ(shared.use_count(), 3);
  small.reset();
  moved = nullptr;
  EXPECT_EQ(shared.use_count(), 1);
}

TEST(SharedBytes, CopiesShareOneBlock) {
  SharedBytes a = SharedBytes::copy("payload");
  SharedBytes b = a;
  EXPECT_EQ(a.data(), b.data());
  a = SharedBytes();
  EXPECT_EQ(b.view(), "payload");
  EXPECT_EQ(a.size(), 0u);
}

TEST(Uuid, TextAndBack) {
  Uuid id = Uuid::random();
  Uuid parsed;
  ASSERT_TRUE(Uuid::parse(id.text(), parsed));
  EXPECT_EQ(id, parsed);
  EXPECT_EQ(id.text()[14], '4');
  EXPECT_FALSE(Uuid::parse("no", parsed));
  EXPECT_FALSE(Uuid::parse(std::string(36, 'a'), parsed));
}

TEST(RandomText, HasTheAskedLengthAndNoRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_text(16));
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_EQ(seen.begin()->size(), 16u);
}

TEST(JsonText, EscapesAndRepairs) {
  std::string out;
  append_json_string(out, "a\"b\\c\n\x01é\xff");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001é\xef\xbf\xbd\"");
}

TEST(Utf8, KnowsWellFormedText) {
  EXPECT_TRUE(is_utf8("plain ascii that is longer than eight bytes"));
  EXPECT_TRUE(is_utf8("Ωμέγα 🛰️"));
  for (std::string_view bad :
       {"\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "abc\xe2\x82", "\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Log, LevelsHaveNames) {
  EXPECT_EQ(*log::parse_level("warn"), log::Level::warn);
  EXPECT_EQ(*log::parse_level("fatal"), log::Level::error);
  EXPECT_NE(log::parse_level("loud").error().message.find("info"), std::string::npos);
}

}  // namespace
}  // namespace whirl
