#include <gtest/gtest.h>

#include "protocol/deflate.h"
#include "transport/websocket/endpoint.h"
#include "transport/websocket/handshake.h"
#include "transport/websocket/inflater.h"

namespace whirl::transport::websocket {
namespace {

using Outcome = Inflater::Outcome;

std::string deflated(std::string_view message) {
  std::string out;
  protocol::append_deflated(out, {&message, 1}, 1);
  return out;
}

TEST(OffersCompression, WithParametersThatWeCanKeep) {
  struct Case {
    std::string_view header;
    bool offered;
  };
  const Case cases[] = {
      {"permessage-deflate", true},
      {"permessage-deflate; client_max_window_bits", true},
      {"permessage-deflate; client_max_window_bits=10 ; server_no_context_takeover", true},
      {"permessage-deflate;client_no_context_takeover;server_max_window_bits=15", true},
      {"permessage-deflate; server_max_window_bits=\"15\"", true},
      {"x-webkit-deflate-frame , permessage-deflate", true},
      {"permessage-deflate; server_max_window_bits=10, permessage-deflate", true},
      {"", false},
      {"x-webkit-deflate-frame", false},
      {"permessage-deflate; server_max_window_bits=10", false},
      {"permessage-deflate; level=9", false},
      {"permessage-deflated", false},
  };
  for (const Case& c : cases) EXPECT_EQ(offers_compression(c.header), c.offered) << c.header;
}

TEST(Inflater, TakesMessagesOneAfterTheOther) {
  Inflater inflater;
  std::string out;
  for (const std::string& message :
       {std::string("{}"), std::string(), std::string(70'000, 'a'), std::string("x")}) {
    EXPECT_EQ(inflater.inflate(deflated(message), 100'000, out), Outcome::ok);
    EXPECT_EQ(out, message);
  }
}

TEST(Inflater, NeverMakesMoreThanTheLimit) {
  Inflater inflater;
  std::string out;
  for (std::size_t limit : {1, 100, 1024, 5000}) {
    EXPECT_EQ(inflater.inflate(deflated(std::string(limit, 'z')), limit, out), Outcome::ok);
    EXPECT_EQ(out.size(), limit);
    for (std::size_t more : {1, 100'000}) {
      EXPECT_EQ(inflater.inflate(deflated(std::string(limit + more, 'z')), limit, out), Outcome::too_big);
      EXPECT_LE(out.size(), limit + 1);
    }
  }
}

TEST(Inflater, RefusesWhatIsNotAWholeMessage) {
  Inflater inflater;
  std::string out;
  const std::string whole = deflated("a message with some text in it, a message");
  EXPECT_EQ(inflater.inflate("\xff\xff\xff\x12", 1000, out), Outcome::malformed);
  EXPECT_EQ(inflater.inflate("", 1000, out), Outcome::malformed);
  EXPECT_EQ(inflater.inflate(whole.substr(0, whole.size() / 2), 1000, out), Outcome::malformed);
  EXPECT_EQ(inflater.inflate(whole, 1000, out), Outcome::ok);
}

TEST(Inflater, AMessageMayEndWithALastBlock) {
  Inflater inflater;
  std::string out;
  // "Hello" as RFC 7692 has it in 7.2.3.4.
  EXPECT_EQ(inflater.inflate(std::string_view("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8), 1000, out),
            Outcome::ok);
  EXPECT_EQ(out, "Hello");
  // And with two blocks, as in 7.2.3.5.
  EXPECT_EQ(inflater.inflate(std::string_view("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13),
                             1000, out),
            Outcome::ok);
  EXPECT_EQ(out, "Hello");
}

TEST(CompressionOptions, ComeFromTheConfiguration) {
  config::WebSocket config;
  EXPECT_FALSE(Options::from(config, nullptr).compression.enabled);
  config.compression = true;
  config.message_size_limit = 1000;
  Compression made = Options::from(config, nullptr).compression;
  EXPECT_TRUE(made.enabled);
  EXPECT_EQ(made.level, 1);
  EXPECT_EQ(made.min_size, 0);
  EXPECT_EQ(made.max_inflated, 10'000u);
  config.decompressed_message_size_limit = 3000;
  config.compression_min_size = 400;
  EXPECT_EQ(Options::from(config, nullptr).compression.max_inflated, 3000u);
  EXPECT_EQ(Options::from(config, nullptr).compression.min_size, 400);
  config.compression_min_size = 1'000'000;
  EXPECT_EQ(Options::from(config, nullptr).compression.min_size, 65535);
  struct Case {
    int configured, level;
  };
  for (const Case& c : {Case{-2, 1}, Case{-1, 6}, Case{0, 0}, Case{5, 5}, Case{9, 9}, Case{12, 9}}) {
    config.compression_level = c.configured;
    EXPECT_EQ(Options::from(config, nullptr).compression.level, c.level) << c.configured;
  }
}

}  // namespace
}  // namespace whirl::transport::websocket
