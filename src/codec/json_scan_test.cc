#include "codec/json_scan.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "codec/json.h"

namespace whirl::codec {
namespace {

TEST(IsJson, AcceptsOneValueWithSpacesAround) {
  for (std::string_view json :
       {"{}", " [] ", "\t\"x\"\r\n", "0", "-0", "-0.0e-0", "12.5E+7", "true", "false", "null", "[[],{}]",
        R"({"a":[1,"\u00e9\\",null],"":{}})", "\"\xff\"", "\"\x7f\""}) {
    EXPECT_TRUE(is_json(json)) << json;
  }
}

TEST(IsJson, RefusesAnythingElse) {
  for (std::string_view json : {"",         " ",
                                "{",        "}",
                                "[",        "]",
                                "[1",       "[1,",
                                "[1,]",     "[,]",
                                "[1 2]",    "{\"a\"}",
                                "{\"a\":}", "{\"a\":1,}",
                                "{a:1}",    "{1:1}",
                                "[}",       "{]",
                                "[{]}",     "tru",
                                "truex",    "nulll",
                                "01",       "-",
                                "+1",       ".5",
                                "1.",       "1e",
                                "1e+",      "0x10",
                                "NaN",      "'a'",
                                "\"",       "\"\\\"",
                                "\"\\x\"",  "\"\\u12\"",
                                "\"\n\"",   "{} {}",
                                "1 1",      "\xef\xbb\xbf{}",
                                "/**/1",    "\xde\xad\xbe\xef"}) {
    EXPECT_FALSE(is_json(json)) << json;
  }
}

TEST(IsJson, BoundsNesting) {
  auto nested = [](std::size_t depth) {
    std::string json;
    for (std::size_t i = 0; i < depth; ++i) json += i % 2 ? "{\"a\":" : "[";
    json += "1";
    for (std::size_t i = depth; i-- > 0;) json += i % 2 ? "}" : "]";
    return json;
  };
  EXPECT_TRUE(is_json(nested(kMaxJsonDepth)));
  EXPECT_FALSE(is_json(nested(kMaxJsonDepth + 1)));
}

/// What simdjson judges otherwise on purpose: it wants UTF-8, numbers that fit, and paired surrogates.
bool is_comparable(std::string_view json) {
  if (json.find("\\ud") != json.npos || json.find("\\uD") != json.npos) return false;
  std::size_t digits = 0;
  for (char c : json) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 2 || static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

TEST(IsJson, AgreesWithSimdjsonOnMutatedText) {
  const std::string seeds[] = {
      R"({"id":1,"publish":{"channel":"a","data":{"x":[1,2.5e1,-3],"y":"\u0041\n"}}})",
      R"([true,false,null,"",[],{},{"":[{}]}, 0, -1 ])", R"( "text \\ \" end" )", R"(-12.5e-7)"};
  static constexpr std::string_view kAlphabet = "{}[]\",:0123.eE+-tfnul\\ \n\x01";
  std::mt19937 random(7);
  simdjson::dom::parser parser;
  std::size_t compared = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string json = seeds[random() % std::size(seeds)];
    for (unsigned n = random() % 4; n > 0; --n) {
      std::size_t at = random() % (json.size() + 1);
      std::size_t removed = std::min<std::size_t>(random() % 3, json.size() - at);
      json.replace(at, removed, 1, kAlphabet[random() % kAlphabet.size()]);
    }
    if (!is_comparable(json)) continue;
    ++compared;
    bool expected = parser.parse(json).error() == simdjson::SUCCESS;
    ASSERT_EQ(is_json(json), expected) << json;
  }
  EXPECT_GT(compared, 30'000u);
}

TEST(CompactJson, DropsSpacesOutsideOfStrings) {
  std::string out;
  append_compact_json(out, "{ \"a b\" : [ 1 ,\n\t\"\\\" c\" , { } ] }\r\n");
  EXPECT_EQ(out, R"({"a b":[1,"\" c",{}]})");
}

}  // namespace
}  // namespace whirl::codec
