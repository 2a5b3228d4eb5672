#include "codec/protobuf.h"

#include <gtest/gtest.h>

#include "codec/json.h"
#include "testing/every_kind.h"
#include "testing/random_message.h"

namespace whirl::codec {
namespace {

using testing::EveryKind;
using testing::Leaf;
using namespace std::string_literals;

class Protobuf : public ::testing::Test {
 protected:
  bool reads(std::string bytes) {
    input_ = std::move(bytes);
    return decode_protobuf(input_, message_, arena_).has_value();
  }

  static std::string written(const EveryKind& message) {
    std::string out;
    encode_protobuf(message, out);
    return out;
  }

  Arena arena_;
  std::string input_;
  EveryKind message_;
};

TEST_F(Protobuf, WritesTheDocumentedBytes) {
  EveryKind m;
  EXPECT_EQ(written(m), "");
  m.boolean = true;
  m.uint32 = 300;
  m.int32 = -1;
  m.sint64 = -2;
  m.real = 1.0;
  m.text = "hi";
  EXPECT_EQ(
      written(m),
      "\x08\x01\x10\xac\x02\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x30\x03\x39\0\0\0\0\0\0\xf0\x3f\x42\x02hi"s);
  m = {};
  Leaf leaf{"n", 5};
  Entry<double> entry{"p", 0};
  m.leaf = &leaf;
  m.real_map = {&entry, 1};
  EXPECT_EQ(written(m), "\x52\x05\x0a\x01n\x10\x05\xc2\x0c\x0c\x0a\x01p\x11\0\0\0\0\0\0\0\0"s);
}

TEST_F(Protobuf, LongSubMessagesGetLongerLengths) {
  for (std::size_t size : {100u, 200u, 20'000u, 3'000'000u}) {
    std::string text(size, 'x');
    EveryKind inner, outer;
    inner.text = text;
    outer.self = &inner;
    std::string bytes = written(outer);
    ASSERT_TRUE(reads(bytes));
    EXPECT_EQ(message_.self->text, text);
  }
}

TEST_F(Protobuf, ReadsWhatItKnowsAndSkipsTheRest) {
  // Unknown: varint 99, fixed64 100, bytes 101, group 102 with a group inside, fixed32 103.
  std::string unknown =
      "\x98\x06\x07\xa1\x06"
      "12345678\xaa\x06\x02zz\xb3\x06\xbb\x06\x08\x01\xbc\x06\xb4\x06\xbd\x06"
      "1234"s;
  ASSERT_TRUE(reads(unknown + "\x18\x05" + unknown));
  EXPECT_EQ(message_.int32, 5);
}

TEST_F(Protobuf, NumbersAreCutToTheirSize) {
  ASSERT_TRUE(reads("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x08\x80\x02"s));
  EXPECT_EQ(message_.uint32, 4294967295u);
  EXPECT_TRUE(message_.boolean);
}

TEST_F(Protobuf, RepeatedFieldsAppendMapsKeepTheLastAndMessagesMerge) {
  // leaf {name a}, texts x, leaf {weight 2}, texts y, text_map k:1, text_map k:2, pointers {} and a map entry
  // with nothing.
  ASSERT_TRUE(
      reads("\x52\x03\x0a\x01"
            "a\x62\x01x\x52\x02\x10\x02\x62\x01y\x7a\x06\x0a\x01k\x12\x01"
            "1\x7a\x06\x0a\x01k\x12\x01"
            "2\x72\x00\x7a\x00"s));
  EXPECT_EQ(message_.leaf->name, "a");
  EXPECT_EQ(message_.leaf->weight, 2);
  ASSERT_EQ(message_.texts.size(), 2u);
  EXPECT_EQ(message_.texts[1], "y");
  ASSERT_EQ(message_.text_map.size(), 2u);
  for (auto& entry : message_.text_map) EXPECT_EQ(entry.value, entry.key == "k" ? "2" : "");
  ASSERT_EQ(message_.pointers.size(), 1u);
  EXPECT_NE(message_.pointers[0], nullptr);
}

TEST_F(Protobuf, PresentButEmptyBytesArePresent) {
  ASSERT_TRUE(reads("\x4a\x00"s));
  EXPECT_TRUE(message_.raw.present());
  ASSERT_TRUE(reads(""));
  EXPECT_FALSE(message_.raw.present());
}

TEST_F(Protobuf, Refuses) {
  const std::string bad[] = {
      "\x18",                                              // no value
      "\x18\xff",                                          // varint cut short
      "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  // varint of eleven bytes
      "\x42\x05hi",                                        // length beyond the end
      "\x42\xff\xff\xff\xff\x7f",                          // the same, huge
      "\x42\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",      // the same, all bits
      "\x1a\x01x",                                         // int32 as bytes
      "\x40\x01",                                          // text as varint
      "\x3d\0\0\0\0"s,                                     // double as fixed32
      "\x39\0\0\0"s,                                       // double cut short
      "\x50\x01",                                          // message as varint
      "\x7a\x02\x08\x01",                                  // map key as varint
      "\x00\x01"s,                                         // field number 0
      "\xf8\xff\xff\xff\xff\x01\x01",                      // field number of 34 bits
      "\x9c\x06",                                          // end of a group that has no start
      "\x9b\x06\xa4\x06",                                  // end of another group
      "\x9b\x06",                                          // group without an end
      "\x9e\x06",                                          // wire type 6
      "\xa1\x06"
      "1234",  // unknown fixed64 cut short
  };
  for (const std::string& bytes : bad) EXPECT_FALSE(reads(bytes)) << ::testing::PrintToString(bytes);
}

TEST_F(Protobuf, NestingIsBounded) {
  auto nested = [](std::size_t depth) {
    std::string bytes;
    for (std::size_t i = 1; i < depth; ++i) {
      std::string outer = "\x5a";
      append_varint(outer, bytes.size());
      bytes = outer + bytes;
    }
    return bytes;
  };
  EXPECT_TRUE(reads(nested(kMaxMessageDepth)));
  EXPECT_FALSE(reads(nested(kMaxMessageDepth + 1)));
  std::string groups;
  for (int i = 0; i < 100'000; ++i) groups += "\x9b\x06";
  EXPECT_FALSE(reads(groups));
}

TEST_F(Protobuf, RandomMessagesComeBackAsTheyWere) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    arena_.reset();
    auto message = testing::RandomMessage(seed, arena_).make<EveryKind>();
    std::string first = written(message);
    EveryKind back;
    ASSERT_TRUE(decode_protobuf(first, back, arena_)) << seed;
    EXPECT_EQ(written(back), first);
  }
}

TEST_F(Protobuf, ListsOfAnyLengthComeBack) {
  for (std::size_t size = 0; size < 70; ++size) {
    std::vector<std::string> texts(size);
    std::vector<std::string_view> views(size);
    for (std::size_t i = 0; i < size; ++i) views[i] = texts[i] = std::to_string(i);
    EveryKind message;
    message.texts = views;
    std::string bytes = written(message);
    ASSERT_TRUE(reads(bytes));
    ASSERT_EQ(message_.texts.size(), size);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(message_.texts[i], texts[i]);
  }
}

TEST_F(Protobuf, VarintsOfEverySize) {
  for (int shift = 0; shift < 64; ++shift) {
    for (std::uint64_t value :
         {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1, ~std::uint64_t{0} >> shift}) {
      std::string bytes;
      append_varint(bytes, value);
      std::string_view in = bytes;
      std::uint64_t back;
      ASSERT_TRUE(take_varint(in, back));
      EXPECT_EQ(back, value);
      EXPECT_TRUE(in.empty());
    }
  }
}

}  // namespace
}  // namespace whirl::codec
