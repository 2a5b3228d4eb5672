#include "http/h3/wire.h"

#include <gtest/gtest.h>

#include "http/h3/connection_id.h"
#include "http/h3/fields.h"
#include "http/h3/send_queue.h"

namespace whirl::http::h3 {
namespace {

TEST(Varint, IsReadAsItIsWritten) {
  for (std::uint64_t value :
       {0ull, 63ull, 64ull, 16383ull, 16384ull, 1073741823ull, 1073741824ull, 4611686018427387903ull}) {
    std::string text;
    append_varint(text, value);
    for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(read_varint(text.substr(0, size)));
    auto read = read_varint(text + "more");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->value, value);
    EXPECT_EQ(read->size, text.size());
  }
}

TEST(Settings, GetMoreOfThem) {
  const std::string frame("\x00\x04\x02\x33\x01", 5);
  const std::string goaway("\x07\x01\x00", 3);
  auto more = with_settings(frame + goaway, {{0x41, 5}, {1, 0}});
  ASSERT_TRUE(more);
  EXPECT_EQ(*more, std::string("\x00\x04\x07\x33\x01\x40\x41\x05\x01\x00", 10) + goaway);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(with_settings(frame.substr(0, size), {{1, 1}}));
  }
  EXPECT_FALSE(with_settings("\x01\x04\x00", {{1, 1}}));
}

TEST(Capsules, OnlyTheEndIsOfInterest) {
  std::string all;
  append_varint(all, 0x190b4d3d);  // some other capsule
  append_varint(all, 3);
  all += "xyz";
  all += close_capsule(4000, "bye");
  for (std::size_t piece : {std::size_t{1}, std::size_t{5}, all.size()}) {
    CapsuleReader reader;
    CapsuleReader::State state = CapsuleReader::State::open;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      ASSERT_EQ(state, CapsuleReader::State::open);
      state = reader.feed(std::string_view(all).substr(at, piece));
    }
    EXPECT_EQ(state, CapsuleReader::State::closed);
    EXPECT_EQ(reader.code(), 4000u);
    EXPECT_EQ(reader.reason(), "bye");
  }
}

TEST(Capsules, AnEndHasItsSize) {
  std::string small;
  append_varint(small, 0x2843);
  append_varint(small, 3);
  EXPECT_EQ(CapsuleReader().feed(small), CapsuleReader::State::malformed);
  std::string large;
  append_varint(large, 0x2843);
  append_varint(large, 4 + CapsuleReader::kMaxReason + 1);
  EXPECT_EQ(CapsuleReader().feed(large), CapsuleReader::State::malformed);
  const std::string cut = close_capsule(1, std::string(5000, 'x'));
  CapsuleReader reader;
  EXPECT_EQ(reader.feed(cut), CapsuleReader::State::closed);
  EXPECT_EQ(reader.reason().size(), CapsuleReader::kMaxReason);
}

TEST(SendQueue, KeepsBytesUntilTheyArrived) {
  SendQueue queue;
  SharedBytes kept = SharedBytes::copy("hello ");
  queue.push(kept);
  queue.push(SharedBytes::copy("world"));
  queue.push(SharedBytes());
  std::string_view parts[4];
  EXPECT_EQ(queue.gather(parts), 2u);
  queue.sent(8);
  EXPECT_EQ(queue.unsent(), 3u);
  ASSERT_EQ(queue.gather(parts), 1u);
  EXPECT_EQ(parts[0], "rld");
  queue.acked(7);
  queue.push(SharedBytes::copy("!"));
  ASSERT_EQ(queue.gather(parts), 2u);
  EXPECT_EQ(parts[0], "rld");
  EXPECT_EQ(parts[1], "!");
  queue.sent(4);
  queue.acked(5);
  EXPECT_EQ(queue.unsent(), 0u);
  EXPECT_EQ(queue.gather(parts), 0u);
}

TEST(Fields, AreLinesOfHttp1InLowerCase) {
  Fields fields;
  fields.add(":status", "200");
  fields.add_lines("X-One: 1\r\nConnection: close\r\nEmpty:\r\nTwo:2\r\n");
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const nghttp3_nv& field = fields.data()[i];
    seen.push_back(std::string(reinterpret_cast<const char*>(field.name), field.namelen) + "=" +
                   std::string(reinterpret_cast<const char*>(field.value), field.valuelen));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{":status=200", "x-one=1", "empty=", "two=2"}));
}

TEST(ConnectionId, NamesItsLoop) {
  for (int loop : {0, 1, 255, 256, 1000}) {
    const ConnectionId id = ConnectionId::make(loop);
    EXPECT_EQ(id.loop(), loop);
    EXPECT_NE(id, ConnectionId::make(loop));
    EXPECT_EQ(id, ConnectionId(std::span(id.data(), id.size())));
  }
  const std::uint8_t of_client[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_FALSE(ConnectionId(of_client).loop());
}

}  // namespace
}  // namespace whirl::http::h3
