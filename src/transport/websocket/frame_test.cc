#include "transport/websocket/frame.h"

#include <gtest/gtest.h>

#include "transport/websocket/message_reader.h"

namespace whirl::transport::websocket {
namespace {

using Kind = MessageReader::Kind;

struct FrameOptions {
  std::uint8_t opcode = 1;
  bool fin = true;
  bool masked = true;
  std::uint8_t reserved = 0;
  int length_bytes = 0;  ///< 0 the shortest form, else 2 or 8
};

/// A frame as a client sends it.
std::string frame(std::string_view payload, FrameOptions options = {}) {
  std::string out;
  out += static_cast<char>((options.fin ? 0x80 : 0) | options.reserved << 4 | options.opcode);
  int extended = options.length_bytes;
  if (extended == 0 && payload.size() > 125) extended = payload.size() < 65536 ? 2 : 8;
  std::size_t first = extended == 0 ? payload.size() : extended == 2 ? 126 : 127;
  out += static_cast<char>((options.masked ? 0x80 : 0) | first);
  for (int i = extended - 1; i >= 0; --i) out += static_cast<char>(std::uint64_t{payload.size()} >> (8 * i));
  if (!options.masked) return out.append(payload);
  const std::string mask = "\x12\xa4\x56\xff";
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}

std::string control(std::uint8_t opcode, std::string_view payload) {
  return frame(payload, {.opcode = opcode});
}

/// Reads all of the bytes in pieces of `step` and writes down what came out.
std::vector<std::string> events(std::string bytes, std::size_t step = 1 << 20,
                                MessageReader::Rules rules = {.max_message = 100}) {
  std::vector<std::string> out;
  MessageReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::span<char> piece(bytes.data() + at, std::min(step, bytes.size() - at));
    for (;;) {
      MessageReader::Event event = reader.next(piece, rules);
      if (event.kind == Kind::need_more) break;
      std::string payload(event.payload);
      if (event.kind == Kind::message)
        out.push_back((event.compressed ? "compressed " : "message ") + payload);
      if (event.kind == Kind::ping) out.push_back("ping " + payload);
      if (event.kind == Kind::pong) out.push_back("pong " + payload);
      if (event.kind == Kind::close) out.push_back(fmt::format("close {} {}", event.code, payload));
      if (event.kind == Kind::violation) {
        out.push_back(fmt::format("violation {}", event.code));
        return out;
      }
    }
    EXPECT_TRUE(piece.empty());
  }
  EXPECT_LE(reader.kept(), 200u);
  return out;
}

using Events = std::vector<std::string>;

TEST(Frame, MasksAreUndoneAtAnyLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    std::string bytes = frame(text);
    auto head = read_head(bytes);
    ASSERT_TRUE(head);
    std::string payload = bytes.substr(head->size);
    unmask(payload, head->mask);
    EXPECT_EQ(payload, text);
  }
}

TEST(Frame, ControlFramesCarryAtMost125Bytes) {
  EXPECT_EQ(control_frame(Opcode::pong, "hi").view(), "\x8a\x02hi");
  EXPECT_EQ(control_frame(Opcode::ping, {}).view(), std::string_view("\x89\x00", 2));
  EXPECT_EQ(control_frame(Opcode::ping, std::string(300, 'x')).size(), 127u);
  EXPECT_EQ(close_frame(3501, "bad request").view(),
            "\x88\x0d\x0d\xad"
            "bad request");
  EXPECT_EQ(close_frame(kNoStatus, "ignored").view(), std::string_view("\x88\x00", 2));
}

TEST(Frame, LongCloseReasonsAreCutBetweenCharacters) {
  std::string reason = std::string(122, 'x') + "\xc3\xa9";
  EXPECT_EQ(close_frame(3000, reason).size(), 2 + 2 + 122u);
}

TEST(MessageReader, DeliversMessagesHoweverTheBytesArrive) {
  std::string longer(90, 'l');
  std::string bytes = frame("one") + control(9, "are you there") + frame("") + frame(longer, {.opcode = 2}) +
                      frame("fo", {.fin = false}) + control(10, "middle") +
                      frame("", {.opcode = 0, .fin = false}) + frame("ur", {.opcode = 0}) +
                      frame("wide", {.length_bytes = 8}) + frame("less", {.length_bytes = 2});
  Events expected = {"message one", "ping are you there", "message ",     "message " + longer,
                     "pong middle", "message four",       "message wide", "message less"};
  for (std::size_t step : {1, 2, 3, 5, 7, 64, 1000}) EXPECT_EQ(events(bytes, step), expected) << step;
}

TEST(MessageReader, HoldsNothingBetweenMessages) {
  MessageReader reader;
  std::string bytes = frame("whole") + frame("part", {.fin = false}) + frame("end", {.opcode = 0});
  std::span<char> span(bytes);
  while (reader.next(span, {}).kind != Kind::need_more) {
  }
  EXPECT_EQ(reader.kept(), 0u);
}

TEST(MessageReader, RefusesWhatTheProtocolForbids) {
  struct Case {
    std::string_view what;
    std::string bytes;
    std::string expected;
  };
  const Case cases[] = {
      {"RSV1 without compression", frame("x", {.reserved = 4}), "violation 1002"},
      {"RSV2", frame("x", {.reserved = 2}), "violation 1002"},
      {"RSV3", frame("x", {.reserved = 1}), "violation 1002"},
      {"unknown data opcode", frame("x", {.opcode = 3}), "violation 1002"},
      {"unknown control opcode", frame("x", {.opcode = 11}), "violation 1002"},
      {"no mask", frame("x", {.masked = false}), "violation 1002"},
      {"continuation of nothing", frame("x", {.opcode = 0}), "violation 1002"},
      {"long ping", control(9, std::string(126, 'p')), "violation 1002"},
      {"fragmented ping", frame("x", {.opcode = 9, .fin = false}), "violation 1002"},
      {"close code 1005", control(8, "\x03\xed"), "violation 1002"},
      {"close code 999", control(8, "\x03\xe7"), "violation 1002"},
      {"close code 5000", control(8, "\x13\x88"), "violation 1002"},
      {"half a close code", control(8, "\x03"), "violation 1002"},
      {"close reason", control(8, "\x03\xe8\xff"), "violation 1007"},
      {"too big", frame(std::string(101, 'x')), "violation 1009"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(events(c.bytes), Events{c.expected}) << c.what;
    EXPECT_EQ(events(c.bytes, 1), Events{c.expected}) << c.what;
  }
}

TEST(MessageReader, RefusesAMessageInsideAFragmentedOne) {
  EXPECT_EQ(events(frame("a", {.fin = false}) + frame("b")), Events{"violation 1002"});
}

TEST(MessageReader, BoundsTheSumOfFragments) {
  std::string bytes =
      frame(std::string(60, 'x'), {.fin = false}) + frame(std::string(40, 'x'), {.opcode = 0, .fin = false});
  EXPECT_EQ(events(bytes + frame("", {.opcode = 0})), Events{"message " + std::string(100, 'x')});
  EXPECT_EQ(events(bytes + frame("x", {.opcode = 0})), Events{"violation 1009"});
}

TEST(MessageReader, JudgesTheLengthBeforeThePayloadComes) {
  std::string huge = frame("", {.length_bytes = 8});
  huge.replace(2, 8, std::string(8, '\xff'));
  EXPECT_EQ(events(huge), Events{"violation 1009"});
  EXPECT_EQ(events(std::string("\x81\x01", 2)), Events{"violation 1002"});
}

TEST(MessageReader, SaysWhichMessagesAreCompressed) {
  MessageReader::Rules rules{.max_message = 100, .compression = true};
  EXPECT_EQ(events(frame("z", {.reserved = 4}) + frame("p"), 1000, rules),
            (Events{"compressed z", "message p"}));
  EXPECT_EQ(events(frame("z", {.fin = false, .reserved = 4}) + frame("z", {.opcode = 0}), 1000, rules),
            Events{"compressed zz"});
  EXPECT_EQ(events(frame("z", {.fin = false}) + frame("z", {.opcode = 0, .reserved = 4}), 1000, rules),
            Events{"violation 1002"});
  EXPECT_EQ(events(frame("", {.opcode = 9, .reserved = 4}), 1000, rules), Events{"violation 1002"});
}

TEST(MessageReader, DeliversCloseFrames) {
  EXPECT_EQ(events(control(8, "")), Events{"close 1005 "});
  EXPECT_EQ(events(control(8,
                           "\x10\xe1"
                           "bye")),
            Events{"close 4321 bye"});
}

}  // namespace
}  // namespace whirl::transport::websocket
