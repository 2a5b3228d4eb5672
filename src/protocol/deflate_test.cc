#include "protocol/deflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "protocol/variant.h"

namespace whirl::protocol {
namespace {

/// What a client makes of a payload.
std::string inflated(std::string payload) {
  payload.append("\x00\x00\xff\xff", 4);
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, -15), Z_OK);
  std::string out(1'000'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(payload.data());
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_SYNC_FLUSH), Z_OK);
  EXPECT_EQ(stream.avail_in, 0u);
  out.resize(out.size() - stream.avail_out);
  ::inflateEnd(&stream);
  return out;
}

std::string deflated(std::string_view message, int level = 1) {
  std::string out;
  append_deflated(out, {&message, 1}, level);
  return out;
}

std::string noise(std::size_t size) {
  std::string out;
  for (std::uint32_t x = 1; out.size() < size; x = x * 1664525 + 1013904223)
    out += static_cast<char>(x >> 24);
  return out;
}

TEST(Deflate, WhatComesOutIsWhatWentIn) {
  for (const std::string& message :
       {std::string(), std::string("{}"), std::string(1000, 'a'), noise(70'000)}) {
    for (int level = kMinDeflateLevel; level <= kMaxDeflateLevel; ++level) {
      EXPECT_EQ(inflated(deflated(message, level)), message) << message.size() << " at " << level;
    }
  }
}

TEST(Deflate, RepetitionCostsLittleAndNoiseLittleMore) {
  EXPECT_LT(deflated(std::string(100'000, 'a')).size(), 1000u);
  EXPECT_LT(deflated(noise(100'000)).size(), 100'200u);
}

TEST(Deflate, NothingOfOneMessageIsUsedForTheNext) {
  const std::string message = noise(500);
  const std::string first = deflated(message);
  EXPECT_EQ(deflated(message), first);
  EXPECT_EQ(deflated(message, 9).empty(), false);
  EXPECT_EQ(deflated(message), first);
}

TEST(Deflate, PartsAreOneMessageAndEarlierBytesStay) {
  std::string out = "head";
  const std::string_view parts[] = {"a", "", "bc"};
  append_deflated(out, parts, 1);
  EXPECT_EQ(out.substr(0, 4), "head");
  EXPECT_EQ(inflated(out.substr(4)), "abc");
}

constexpr Variant kText{Encoding::json, Framing::websocket_text, false, 1, 0};
constexpr Variant kBinary{Encoding::protobuf, Framing::websocket_binary, false, 1, 0};

std::string framed(Variant variant, std::string_view message) {
  return std::string(frame(variant, message).view());
}

TEST(CompressedFrame, SaysSoInItsFirstByte) {
  EXPECT_EQ(framed(kText, "{}").front(), '\xc1');
  EXPECT_EQ(framed(kBinary, "x").front(), '\xc2');
}

TEST(CompressedFrame, CarriesTheMessage) {
  const std::string text = framed(kText, std::string(500, 'a'));
  EXPECT_EQ(static_cast<std::size_t>(text[1]), text.size() - 2);
  EXPECT_EQ(inflated(text.substr(2)), std::string(500, 'a'));
  // The length prefix of Protobuf messages is compressed too.
  EXPECT_EQ(inflated(framed(kBinary, std::string(200, 'a')).substr(2)), "\xc8\x01" + std::string(200, 'a'));
}

TEST(CompressedFrame, SmallMessagesGoAsTheyAre) {
  Variant text = kText;
  text.compression_min_size = 10;
  EXPECT_EQ(framed(text, "123456789"),
            "\x81\x09"
            "123456789");
  EXPECT_EQ(framed(text, "1234567890").front(), '\xc1');
  Variant binary = kBinary;
  binary.compression_min_size = 10;
  EXPECT_EQ(framed(binary, "12345678"),
            "\x82\x09\x08"
            "12345678");
  EXPECT_EQ(framed(binary, "123456789").front(), '\xc2');
}

TEST(CompressedFrame, TwoFramesBecomeOne) {
  auto joined = [](Variant variant, std::string_view first, std::string_view second) {
    const SharedBytes out = join_compressed(frame(variant, first), frame(variant, second));
    EXPECT_TRUE(is_compressed(out));
    const std::string text(out.view());
    return inflated(text.substr(text[1] < 126 ? 2 : text[1] == 126 ? 4 : 10));
  };
  EXPECT_EQ(joined(kText, "{\"push\":1}", "{\"id\":2}"), "{\"push\":1}\n{\"id\":2}");
  EXPECT_EQ(joined(kBinary, "ab", "c"),
            "\x02"
            "ab"
            "\x01"
            "c");
  for (std::size_t size : {100, 1000, 100'000}) {
    const std::string large = noise(size);
    EXPECT_EQ(joined(kText, large, large), large + "\n" + large);
  }
  EXPECT_FALSE(is_compressed(frame(Framing::websocket_text, "{}")));
}

TEST(CompressedFrame, LargeMessagesDoNotChangeLaterOnes) {
  const std::string small = framed(kText, "{\"a\":1}");
  EXPECT_GT(framed(kText, noise(300'000)).size(), 300'000u);
  EXPECT_EQ(framed(kText, "{\"a\":1}"), small);
}

}  // namespace
}  // namespace whirl::protocol
