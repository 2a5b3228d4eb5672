#include "protocol/variant.h"

#include <gtest/gtest.h>

#include <set>

namespace whirl::protocol {
namespace {

std::string framed(Framing framing, std::string_view message) {
  return std::string(frame(framing, message).view());
}

TEST(Frame, WebSocketHeadersGrowWithTheMessage) {
  EXPECT_EQ(framed(Framing::websocket_text, "{}"), "\x81\x02{}");
  EXPECT_EQ(framed(Framing::websocket_binary, "x"), "\x82\x02\x01x");
  EXPECT_EQ(framed(Framing::websocket_text, std::string(126, 'a')).substr(0, 4),
            std::string("\x81\x7e\x00\x7e", 4));
  EXPECT_EQ(framed(Framing::websocket_text, std::string(65536, 'a')).substr(0, 10),
            std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST(Frame, Streams) {
  EXPECT_EQ(framed(Framing::lines, "{}"), "{}\n");
  EXPECT_EQ(framed(Framing::events, "{}"), "data: {}\n\n");
  EXPECT_EQ(framed(Framing::length_prefixed, std::string(200, 'a')).substr(0, 3),
            "\xc8\x01"
            "a");
  EXPECT_EQ(framed(Framing::grpc, std::string(258, 'a')).substr(0, 6), std::string("\0\0\0\1\2a", 6));
}

TEST(Variant, EveryCombinationHasItsOwnIndex) {
  std::set<unsigned> seen;
  for (unsigned framing = 0; framing < Variant::kFramings + Variant::kCompressible; ++framing) {
    for (int encoding = 0; encoding < 2; ++encoding) {
      for (bool uni : {false, true}) {
        Variant v{static_cast<Encoding>(encoding), static_cast<Framing>(framing % Variant::kFramings), uni};
        if (framing >= Variant::kFramings) v.compression_level = 1;
        EXPECT_LT(v.index(), Variant::kVariants);
        seen.insert(v.index());
      }
    }
  }
  EXPECT_EQ(seen.size(), Variant::kVariants);
}

TEST(Variant, TakesLittleOfEachSubscription) {
  EXPECT_LE(sizeof(Variant), 6u);
}

}  // namespace
}  // namespace whirl::protocol
