#include "http/grpc/message.h"

#include <gtest/gtest.h>

#include "http/grpc/status.h"

namespace whirl::http::grpc {
namespace {

using Event = MessageReader::Event;

std::string message(std::string_view text, bool compressed = false) {
  std::string out;
  append_message(out, text, compressed);
  return out;
}

TEST(GrpcMessages, ComeInPieces) {
  const std::string bytes = message("one") + message("") + message("three", true);
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    MessageReader reader(10);
    std::vector<std::string> got;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      std::string_view piece = std::string_view(bytes).substr(at, step);
      while (!piece.empty() && reader.next(piece) == Event::message) {
        got.push_back(reader.take() + (reader.compressed() ? "+" : ""));
      }
    }
    EXPECT_EQ(got, (std::vector<std::string>{"one", "", "three+"})) << step;
    EXPECT_FALSE(reader.inside());
  }
}

TEST(GrpcMessages, MayNotBeTooLargeOrStrange) {
  MessageReader small(2);
  const std::string large = message("abc");
  std::string_view bytes = large;
  EXPECT_EQ(small.next(bytes), Event::too_large);
  MessageReader reader(2);
  bytes = std::string_view("\2\0\0\0\0", 5);
  EXPECT_EQ(reader.next(bytes), Event::malformed);
}

TEST(GrpcMessages, AreCompressed) {
  const std::string text(10'000, 'a');
  const std::string zipped = gzip(text);
  EXPECT_LT(zipped.size(), 200U);
  std::string out;
  EXPECT_EQ(gunzip(zipped, text.size(), out), Inflated::ok);
  EXPECT_EQ(out, text);
  out.clear();
  EXPECT_EQ(gunzip(zipped, text.size() - 1, out), Inflated::too_large);
  EXPECT_EQ(gunzip(zipped.substr(0, zipped.size() - 3), text.size(), out), Inflated::malformed);
  EXPECT_EQ(gunzip("no gzip", 100, out), Inflated::malformed);
}

TEST(GrpcStatus, BecomesTrailers) {
  EXPECT_EQ(trailer_lines({}), "grpc-status: 0\r\n");
  EXPECT_EQ(trailer_lines({Code::not_found, "50% of \"ü\"\n", "x"}),
            "grpc-status: 5\r\ngrpc-message: 50%25 of \"%C3%BC\"%0A\r\ngrpc-status-details-bin: eA==\r\n");
}

TEST(GrpcTimeout, IsReadInEachUnit) {
  EXPECT_EQ(parse_timeout("2H"), 7'200'000);
  EXPECT_EQ(parse_timeout("3M"), 180'000);
  EXPECT_EQ(parse_timeout("10S"), 10'000);
  EXPECT_EQ(parse_timeout("99999999m"), 99'999'999);
  EXPECT_EQ(parse_timeout("1500u"), 2);
  EXPECT_EQ(parse_timeout("1n"), 1);
  for (std::string_view bad : {"", "S", "10", "10s", "-1S", "123456789S", "1 S"}) {
    EXPECT_FALSE(parse_timeout(bad)) << bad;
  }
}

}  // namespace
}  // namespace whirl::http::grpc
