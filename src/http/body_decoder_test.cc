#include "http/body_decoder.h"

#include <gtest/gtest.h>

namespace whirl::http {
namespace {

using State = BodyDecoder::State;

Request of_length(std::uint64_t length) {
  Request request;
  request.content_length = length;
  return request;
}

Request chunked() {
  Request request;
  request.chunked = true;
  return request;
}

TEST(BodyDecoder, TakesAsManyBytesAsTheLengthSays) {
  BodyDecoder body(of_length(5), 100);
  EXPECT_EQ(body.feed("he"), 2u);
  EXPECT_EQ(body.state(), State::more);
  EXPECT_EQ(body.feed("lloGET /"), 3u);
  EXPECT_EQ(body.state(), State::done);
  EXPECT_EQ(body.body(), "hello");
}

TEST(BodyDecoder, RefusesALengthAboveTheLimit) {
  EXPECT_EQ(BodyDecoder(of_length(100), 100).state(), State::more);
  EXPECT_EQ(BodyDecoder(of_length(101), 100).state(), State::too_large);
  EXPECT_EQ(BodyDecoder(of_length(0), 100).state(), State::done);
}

TEST(BodyDecoder, JoinsChunksHoweverTheyArrive) {
  std::string bytes = "4\r\nWiki\r\n5;name=\"v\"\r\npedia\r\n0A \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    BodyDecoder body(chunked(), 19);
    std::size_t at = 0;
    while (body.state() == State::more) at += body.feed(std::string_view(bytes).substr(at, step));
    EXPECT_EQ(body.state(), State::done) << step;
    EXPECT_EQ(body.body(), "Wikipedia0123456789");
    EXPECT_EQ(bytes.substr(at), "GET");
  }
}

TEST(BodyDecoder, RefusesBrokenChunks) {
  for (std::string_view bytes :
       {"x\r\n", "\r\n", "-1\r\n", "0x4\r\n", "4\r\nWikiX\r\n", "11111111111111111\r\n"}) {
    BodyDecoder body(chunked(), 1 << 20);
    body.feed(bytes);
    EXPECT_EQ(body.state(), State::malformed) << bytes;
  }
}

TEST(BodyDecoder, BoundsTheSumOfChunks) {
  BodyDecoder body(chunked(), 6);
  body.feed("4\r\nWiki\r\n3\r\n");
  EXPECT_EQ(body.state(), State::too_large);
  BodyDecoder huge(chunked(), 6);
  huge.feed("ffffffffffffffff\r\n");
  EXPECT_EQ(huge.state(), State::too_large);
}

TEST(BodyDecoder, BoundsExtensionsAndTrailers) {
  BodyDecoder body(chunked(), 6);
  body.feed("4;" + std::string(BodyDecoder::kMaxLine, 'x'));
  EXPECT_EQ(body.state(), State::malformed);
  BodyDecoder trailers(chunked(), 6);
  trailers.feed("0\r\n");
  for (int i = 0; i < 20; ++i) trailers.feed("X: " + std::string(1000, 'x') + "\r\n");
  EXPECT_EQ(trailers.state(), State::malformed);
}

}  // namespace
}  // namespace whirl::http
