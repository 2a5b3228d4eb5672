#include "codec/json.h"

#include <gtest/gtest.h>

#include "testing/every_kind.h"
#include "testing/random_message.h"

namespace whirl::codec {
namespace {

using testing::AlwaysWritten;
using testing::EveryKind;
using testing::Leaf;

/// Reads with one arena that is reset for each test.
class Json : public ::testing::Test {
 protected:
  bool reads(std::string json) {
    input_ = std::move(json);
    return decode_json(input_, message_, arena_).has_value();
  }

  template <class M>
  std::string written(const M& message, RawStyle raw = RawStyle::as_is) {
    std::string out;
    encode_json(message, out, raw);
    return out;
  }

  Arena arena_;
  std::string input_;
  EveryKind message_;
};

TEST_F(Json, ReadsEveryKind) {
  std::string json =
      R"( {"boolean":true, "uint32":4294967295, "int32":-2147483648, "uint64":18446744073709551615,
    "int64":-9223372036854775808, "sint64":-5, "real":-2.5e1, "text":"héllo", "raw": {"a" : [1, 2]} , "leaf":{"name":"n"},
    "self":{"self":{"int32":7}}, "texts":["a","b"], "leaves":[{"weight":1},{}], "pointers":[null,{"weight":2}],
    "text_map":{"k":"v"}, "leaf_map":{"l":{"weight":3}}, "real_map":{"pi":3.25}} )";
  ASSERT_TRUE(reads(json));
  EXPECT_TRUE(message_.boolean);
  EXPECT_EQ(message_.uint32, 4294967295u);
  EXPECT_EQ(message_.int32, INT32_MIN);
  EXPECT_EQ(message_.uint64, UINT64_MAX);
  EXPECT_EQ(message_.int64, INT64_MIN);
  EXPECT_EQ(message_.sint64, -5);
  EXPECT_EQ(message_.real, -25.0);
  EXPECT_EQ(message_.text, "héllo");
  EXPECT_EQ(message_.raw.bytes, R"({"a" : [1, 2]})");
  EXPECT_EQ(message_.leaf->name, "n");
  EXPECT_EQ(message_.self->self->int32, 7);
  ASSERT_EQ(message_.texts.size(), 2u);
  EXPECT_EQ(message_.texts[1], "b");
  ASSERT_EQ(message_.leaves.size(), 2u);
  EXPECT_EQ(message_.leaves[0].weight, 1);
  EXPECT_EQ(message_.leaves[1].weight, 0);
  ASSERT_EQ(message_.pointers.size(), 2u);
  EXPECT_EQ(message_.pointers[0], nullptr);
  EXPECT_EQ(message_.pointers[1]->weight, 2);
  EXPECT_EQ(message_.text_map[0].value, "v");
  EXPECT_EQ(message_.leaf_map[0].value.weight, 3);
  EXPECT_EQ(message_.real_map[0].value, 3.25);
}

TEST_F(Json, StopsAfterTheFirstValue) {
  std::string_view json = R"(  {"int32":1}{"int32":2})";
  EXPECT_EQ(*decode_json(json, message_, arena_), 13u);
  EXPECT_EQ(message_.int32, 1);
  EXPECT_EQ(*decode_json("null, and more", message_, arena_), 4u);
  EXPECT_EQ(message_.int32, 0);
  EXPECT_FALSE(decode_json_document(json, message_, arena_));
  EXPECT_TRUE(decode_json_document("{} \r\n", message_, arena_));
}

TEST_F(Json, KeysMatchInAnyCaseAndUnknownOnesAreSkipped) {
  ASSERT_TRUE(reads(R"({"INT32":1,"Text":"a","\u0075int32":3,"zebra":{"int32":[9,{}]},"int":8,"int329":8})"));
  EXPECT_EQ(message_.int32, 1);
  EXPECT_EQ(message_.text, "a");
  EXPECT_EQ(message_.uint32, 3u);
  ASSERT_TRUE(reads(R"({"uint32":1,"UINT32":2})"));
  EXPECT_EQ(message_.uint32, 2u);
}

TEST_F(Json, NullLeavesTheDefault) {
  ASSERT_TRUE(
      reads(R"({"int32":5,"int32":null,"text":null,"boolean":null,"leaf":{},"leaf":null,"texts":["a",null],
    "leaves":null,"text_map":null,"real":null,"raw":null})"));
  EXPECT_EQ(message_.int32, 5);
  EXPECT_EQ(message_.leaf, nullptr);
  EXPECT_EQ(message_.texts[1], "");
  EXPECT_EQ(message_.raw.bytes, "null");
  ASSERT_TRUE(reads("{}"));
  EXPECT_FALSE(message_.raw.present());
}

TEST_F(Json, EqualKeysMergeMessagesAndReplaceLists) {
  ASSERT_TRUE(reads(R"({"leaf":{"name":"a"},"leaf":{"weight":2},"texts":["x","y"],"texts":["z"],
    "text_map":{"k":"1","k":"2"},"text_map":{"l":"3","k":"4"}})"));
  EXPECT_EQ(message_.leaf->name, "a");
  EXPECT_EQ(message_.leaf->weight, 2);
  ASSERT_EQ(message_.texts.size(), 1u);
  ASSERT_EQ(message_.text_map.size(), 2u);
  for (auto& entry : message_.text_map) EXPECT_EQ(entry.value, entry.key == "k" ? "4" : "3");
}

TEST_F(Json, ManyEqualKeysLeaveOneEntryEach) {
  std::string json = R"({"text_map":{)";
  for (int i = 0; i < 1000; ++i) json += fmt::format(R"({}"k{}":"{}")", i ? "," : "", i % 100, i);
  ASSERT_TRUE(reads(json + "}}"));
  EXPECT_EQ(message_.text_map.size(), 100u);
  for (auto& entry : message_.text_map) EXPECT_EQ(entry.value, fmt::format("9{:0>2}", entry.key.substr(1)));
}

TEST_F(Json, UnescapesText) {
  ASSERT_TRUE(reads(R"({"text":"\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00"})"));
  EXPECT_EQ(message_.text, "\"\\/\b\f\n\r\tAé€😀");
  ASSERT_TRUE(reads(R"({"text":"\ud83d","texts":["\ude00","\ud83dx","\ud83d\u0041"]})"));
  EXPECT_EQ(message_.text, "\uFFFD");
  EXPECT_EQ(message_.texts[0], "\uFFFD");
  EXPECT_EQ(message_.texts[1], "\uFFFDx");
  EXPECT_EQ(message_.texts[2], "\uFFFDA");
  ASSERT_TRUE(reads("{\"text\":\"a\xff\xc3\"}"));
  EXPECT_EQ(message_.text, "a\uFFFD\uFFFD");
}

TEST_F(Json, TextWithoutEscapesIsNotCopied) {
  std::string json = R"({"text":"plain"})";
  ASSERT_TRUE(decode_json(json, message_, arena_));
  EXPECT_EQ(message_.text.data(), json.data() + 9);
}

TEST_F(Json, RefusesMalformedText) {
  for (const char* json : {"",
                           "   ",
                           "hello",
                           "nul",
                           "\xef\xbb\xbf{}",
                           "{",
                           "{]",
                           "{\"int32\"",
                           "{\"int32\":",
                           "{\"int32\":1",
                           "{\"int32\":1,",
                           "{\"int32\":1,}",
                           "{,}",
                           "{\"int32\" 1}",
                           "{int32:1}",
                           "{null:1}",
                           "{\"int32\":1 \"text\":\"\"}",
                           R"({"texts":["a",]})",
                           R"({"texts":["a" "b"]})",
                           "{\"text\":\"a\nb\"}",
                           "{\"text\":\"\x01\"}",
                           R"({"text":"\x"})",
                           R"({"text":"\u12"})",
                           R"({"text":"\u12g4"})",
                           R"({"text":"a)",
                           "{\"text\":'a'}"}) {
    EXPECT_FALSE(reads(json)) << json;
  }
}

TEST_F(Json, RefusesNumbersThatDoNotFit) {
  for (const char* json : {R"({"int32":"1"})",
                           R"({"int32":1.0})",
                           R"({"int32":1e2})",
                           R"({"int32":01})",
                           R"({"int32":+1})",
                           R"({"int32":-})",
                           R"({"int32":2147483648})",
                           R"({"int32":-2147483649})",
                           R"({"uint32":-1})",
                           R"({"uint32":-0})",
                           R"({"uint32":4294967296})",
                           R"({"uint64":18446744073709551616})",
                           R"({"int64":9223372036854775808})",
                           R"({"int64":-9223372036854775809})",
                           R"({"int32":true})",
                           R"({"real":"1"})",
                           R"({"real":.5})",
                           R"({"real":1.})",
                           R"({"real":1e})",
                           R"({"real":1e999})"}) {
    EXPECT_FALSE(reads(json)) << json;
  }
}

TEST_F(Json, RefusesOtherTypes) {
  for (const char* json :
       {"42", "\"text\"", "true", "[]", "[{}]", R"({"boolean":"yes"})", R"({"boolean":1})", R"({"text":1})",
        R"({"text":{}})", R"({"leaf":"x"})", R"({"leaf":[]})", R"({"texts":"x"})", R"({"texts":[1]})",
        R"({"leaves":[[]]})", R"({"text_map":[]})", R"({"text_map":{"a":1}})"}) {
    EXPECT_FALSE(reads(json)) << json;
  }
}

TEST_F(Json, RefusesWhatItSkipsIfItIsMalformed) {
  for (const char* json :
       {R"({"raw":})", R"({"raw":[1,]})", R"({"zebra":tru})", R"({"zebra":{"a"}})", R"({"zebra":"\q"})"}) {
    EXPECT_FALSE(reads(json)) << json;
  }
}

TEST_F(Json, SaysWhatIsWrongAndWhere) {
  auto result = decode_json(R"({"int32":1.5})", message_, arena_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "expected a whole number at byte 10");
}

TEST_F(Json, NestingIsBounded) {
  auto nested = [](std::size_t depth) {
    std::string json;
    for (std::size_t i = 1; i < depth; ++i) json += "{\"self\":";
    return json + "{}" + std::string(depth - 1, '}');
  };
  EXPECT_TRUE(reads(nested(kMaxMessageDepth)));
  EXPECT_FALSE(reads(nested(kMaxMessageDepth + 1)));
  auto raw = [](std::size_t depth) {
    return "{\"raw\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(reads(raw(kMaxJsonDepth)));
  EXPECT_FALSE(reads(raw(kMaxJsonDepth + 1)));
}

TEST_F(Json, WritesOnlyWhatIsNotDefault) {
  EXPECT_EQ(written(EveryKind{}), "{}");
  EveryKind message;
  Leaf leaf;
  message.boolean = true;
  message.int64 = -3;
  message.real = 0.5;
  message.text = "a\"b";
  message.raw = {"[1]"};
  message.leaf = &leaf;
  Entry<Leaf> entry{"k", {"n", 1}};
  message.leaf_map = {&entry, 1};
  EXPECT_EQ(
      written(message),
      R"({"boolean":true,"int64":-3,"real":0.5,"text":"a\"b","raw":[1],"leaf":{},"leaf_map":{"k":{"name":"n","weight":1}}})");
}

TEST_F(Json, WritesSomeFieldsAlways) {
  EXPECT_EQ(written(AlwaysWritten{}),
            R"({"number":0,"text":"","leaves":[],"map":{},"leaf":null,"raw":null})");
}

TEST_F(Json, PayloadsLoseTheirNewlinesOrAllSpaces) {
  EveryKind message;
  message.raw = {"{\"a\":\t1,\r\n \"b c\" : [ 1 ]\n}\n"};
  EXPECT_EQ(written(message), "{\"raw\":{\"a\":\t1,\r \"b c\" : [ 1 ]}}");
  EXPECT_EQ(written(message, RawStyle::compact), R"({"raw":{"a":1,"b c":[1]}})");
  message.raw = {R"("quote \" and  spaces")"};
  EXPECT_EQ(written(message, RawStyle::compact), R"({"raw":"quote \" and  spaces"})");
}

TEST_F(Json, RandomMessagesComeBackAsTheyWere) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    arena_.reset();
    auto message = testing::RandomMessage(seed, arena_).make<EveryKind>();
    std::string first = written(message);
    ASSERT_TRUE(is_json(first)) << first;
    EveryKind back;
    auto end = decode_json(first, back, arena_);
    ASSERT_TRUE(end) << first;
    EXPECT_EQ(*end, first.size());
    EXPECT_EQ(written(back), first);
  }
}

}  // namespace
}  // namespace whirl::codec
