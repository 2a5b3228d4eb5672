#include "protocol/delta.h"

#include <gtest/gtest.h>

#include <random>

#include "base/utf8.h"
#include "codec/json.h"

namespace whirl::protocol {
namespace {

constexpr std::size_t kNoLimit = 1 << 30;

std::string delta_of(std::string_view source, std::string_view target, DeltaText text = DeltaText::bytes) {
  std::string out;
  append_fossil_delta(out, source, target, text);
  return out;
}

std::string applied(std::string_view source, std::string_view delta) {
  auto result = apply_fossil_delta(source, delta, kNoLimit);
  return result ? *result : "failed: " + result.error().message;
}

TEST(Delta, HasFossilsFormat) {
  EXPECT_EQ(delta_of("", ""), "0\n0;");
  EXPECT_EQ(delta_of("short", "other"), "5\n5:other3XT6Xa;");
  std::string text = "The quick brown fox jumps over the lazy dog, again and again.";
  EXPECT_EQ(delta_of(text, text), "y\ny@0,5pIRO;");
}

TEST(Delta, AppliesVectors) {
  EXPECT_EQ(applied("abcdef", "6\n3@3,3:xyz1VSQyh;"), "failed: delta: wrong checksum");
  EXPECT_EQ(applied("whatever", "0\n0;"), "");
  std::string source = "0123456789ABCDEF0123456789ABCDEF", target = "0123456789abcdef0123456789ABCDEF!";
  EXPECT_EQ(applied(source, delta_of(source, target)), target);
}

TEST(Delta, RefusesMalformedDeltas) {
  for (std::string_view delta :
       {"", "5", "5\n", "5\n;", "5\n5:abc", "5\n9:abcdefghi0;", "5\n5@0", "5\n5@0;", "5\n5@4,0;",
        "5\n5@zzzzzz,0;", "5\n5!", "zzzzzzzz\n0;", "1\n0;", "0\n1;", "5\n5@0,0"}) {
    EXPECT_FALSE(apply_fossil_delta("source", delta, kNoLimit)) << delta;
  }
}

TEST(Delta, ResultsAreBounded) {
  std::string big(1000, 'x');
  std::string delta = delta_of(big, big);
  EXPECT_TRUE(apply_fossil_delta(big, delta, 1000));
  EXPECT_FALSE(apply_fossil_delta(big, delta, 999));
}

/// A text and a changed one, from an alphabet of whole characters.
std::pair<std::string, std::string> random_pair(std::mt19937& random) {
  static constexpr std::string_view kCharacters[] = {"a", "b", "\"", "é", "№", "🚀", "п", "р"};
  std::vector<std::string_view> source(random() % 400), target;
  for (auto& c : source) c = kCharacters[random() % (1 + random() % std::size(kCharacters))];
  target = source;
  for (unsigned edits = random() % 6; edits > 0; --edits) {
    std::size_t at = random() % (target.size() + 1);
    std::size_t removed = std::min<std::size_t>(random() % 20, target.size() - at);
    auto place = target.erase(target.begin() + static_cast<std::ptrdiff_t>(at),
                              target.begin() + static_cast<std::ptrdiff_t>(at + removed));
    std::vector<std::string_view> added(random() % 20, kCharacters[random() % std::size(kCharacters)]);
    target.insert(place, added.begin(), added.end());
  }
  auto joined = [](const auto& parts) {
    std::string out;
    for (auto part : parts) out += part;
    return out;
  };
  return {joined(source), joined(target)};
}

TEST(Delta, MakesTheTargetFromTheSource) {
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    auto [source, target] = random_pair(random);
    ASSERT_EQ(applied(source, delta_of(source, target)), target);
    std::string delta = delta_of(source, target, DeltaText::utf8);
    ASSERT_TRUE(is_utf8(delta));
    ASSERT_EQ(applied(source, delta), target);
  }
}

TEST(Delta, ASmallChangeMakesASmallDelta) {
  std::string source;
  for (int i = 0; i < 1000; ++i) source += fmt::format("line {} of the document\n", i);
  std::string target = source;
  target.replace(5000, 4, "changed");
  EXPECT_LT(delta_of(source, target).size(), 60u);
}

TEST(Delta, DataIsTheShorterOfDeltaAndPayload) {
  std::string previous = R"({"text":"a long text that stays the same in both of the payloads","n":1})";
  std::string payload = R"({"text":"a long text that stays the same in both of the payloads","n":2})";
  std::string out;
  EXPECT_TRUE(append_delta_data(out, Encoding::protobuf, previous, payload));
  EXPECT_EQ(applied(previous, out), payload);
  out.clear();
  EXPECT_TRUE(append_delta_data(out, Encoding::json, previous, payload));
  EXPECT_TRUE(codec::is_json(out) && out.front() == '"');
  out.clear();
  EXPECT_FALSE(append_delta_data(out, Encoding::json, previous, R"({"n":3})"));
  EXPECT_EQ(out, R"("{\"n\":3}")");
  out.clear();
  append_full_data(out, Encoding::protobuf, "\x01");
  EXPECT_EQ(out, "\x01");
}

}  // namespace
}  // namespace whirl::protocol
