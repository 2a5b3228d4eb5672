#include "protocol/frame_reader.h"

#include <gtest/gtest.h>

#include "protocol/commands.h"

namespace whirl::protocol {
namespace {

using namespace std::string_literals;

/// What a frame gives, as words: the method and id of each command, then "end" or "bad".
class Frames : public ::testing::Test {
 protected:
  std::string read(Encoding encoding, const std::string& frame) {
    arena_.reset();
    FrameReader reader(encoding, frame, arena_);
    std::string out;
    for (;;) {
      Command command;
      auto next = reader.next(command);
      if (next != FrameReader::Next::command) return out + (next == FrameReader::Next::end ? "end" : "bad");
      Method method = method_of(command);
      std::string_view name = is_pong(command)         ? "pong"
                              : method == Method::none ? "none"
                                                       : kCommands[static_cast<unsigned>(method)].name;
      out += fmt::format("{}{} ", name, command.id);
    }
  }

  std::string json(const std::string& frame) { return read(Encoding::json, frame); }
  std::string protobuf(const std::string& frame) { return read(Encoding::protobuf, frame); }

  codec::Arena arena_;
};

TEST_F(Frames, JsonHasACommandPerLine) {
  EXPECT_EQ(json(R"({"id":1,"connect":{}})"), "connect1 end");
  EXPECT_EQ(json("{\"id\":1,\"connect\":{}}\n"), "connect1 end");
  EXPECT_EQ(json("{\"id\":1,\"connect\":{}}\r\n{\"id\":2,\"subscribe\":{}}\r\n"), "connect1 subscribe2 end");
  EXPECT_EQ(json("{}\n{\"id\":2,\"subscribe\":{}}"), "pong0 subscribe2 end");
  EXPECT_EQ(json(R"({"id":2,"subscribe":{}}{"id":3,"publish":{}})"), "subscribe2 end");
  EXPECT_EQ(json(R"({"ID":2,"Subscribe":{"Channel":"x"}})"), "subscribe2 end");
  EXPECT_EQ(json("null"), "pong0 end");
}

TEST_F(Frames, MalformedJsonIsBadAfterTheCommandsBeforeIt) {
  for (const char* frame :
       {"", "\n", "   ", "hello", "[]", "42", "{\n\"id\":2}", "\xef\xbb\xbf{\"id\":1}", "{\"id\":-4}",
        "{\"id\":1.5}", "{\"id\":\"7\"}", "{\"id\":4294967296}", "{\"id\":2,\"subscribe\":\"x\"}"}) {
    EXPECT_EQ(json(frame), "bad") << frame;
  }
  EXPECT_EQ(json("{\"id\":2,\"subscribe\":{}}\n\n{\"id\":3,\"subscribe\":{}}"), "subscribe2 bad");
  EXPECT_EQ(json("{\"id\":2,\"subscribe\":{}}\n{\"id\":3,\"subs"), "subscribe2 bad");
  EXPECT_EQ(json("{\"id\":2,\"subscribe\":{}}\n\n"), "subscribe2 bad");
}

TEST_F(Frames, ProtobufHasLengthsBeforeCommands) {
  EXPECT_EQ(protobuf("\x04\x08\x01\x22\x00"s), "connect1 end");
  EXPECT_EQ(protobuf("\x00\x04\x08\x02\x2a\x00"s), "pong0 subscribe2 end");
  EXPECT_EQ(protobuf("\x07\x08\x02\x98\x06\x07\x2a\x00"s), "subscribe2 end");
}

TEST_F(Frames, MalformedProtobufIsBad) {
  for (const std::string& frame :
       {""s, "\xff"s, "\x20\x08\x02"s, "\x05\xff\xff\xff\xff\x01"s, "\xff\xff\xff\xff\x7f"s,
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s}) {
    EXPECT_EQ(protobuf(frame), "bad") << ::testing::PrintToString(frame);
  }
  EXPECT_EQ(protobuf("\x04\x08\x02\x2a\x00\xff"s), "subscribe2 bad");
}

TEST_F(Frames, AnotherReaderCanGoOnWithTheRest) {
  std::string frame = "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{}}\n";
  FrameReader first(Encoding::json, frame, arena_);
  Command command;
  ASSERT_EQ(first.next(command), FrameReader::Next::command);
  EXPECT_EQ(first.command_size(), 22u);
  FrameReader second(Encoding::json, first.rest(), arena_);
  ASSERT_EQ(second.next(command), FrameReader::Next::command);
  EXPECT_EQ(command.id, 2u);
  EXPECT_EQ(second.next(command), FrameReader::Next::end);
}

TEST_F(Frames, BadStaysBad) {
  FrameReader reader(Encoding::json, "", arena_);
  Command command;
  EXPECT_EQ(reader.next(command), FrameReader::Next::bad);
  EXPECT_EQ(reader.next(command), FrameReader::Next::bad);
}

TEST(Commands, TheFirstMethodOfTheListCounts) {
  SubscribeRequest subscribe;
  HistoryRequest history;
  PingRequest ping;
  Command command{.history = &history, .ping = &ping};
  EXPECT_EQ(method_of(command), Method::history);
  command.subscribe = &subscribe;
  EXPECT_EQ(method_of(command), Method::subscribe);
  EXPECT_EQ(method_of(Command{.id = 2, .ping = &ping}), Method::none);
  EXPECT_FALSE(is_pong(Command{.ping = &ping}));
  EXPECT_FALSE(is_pong(Command{.id = 2}));
  EXPECT_TRUE(is_pong(Command{}));
}

TEST(Commands, RowsAreWhereTheirMethodSays) {
  for (std::size_t i = 0; i < kCommands.size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(kCommands[i].method), i);
}

TEST(Commands, EveryMethodOfTheMessageIsListed) {
  std::size_t methods = codec::table<Command>().fields.size() - 2;  // without id and ping
  EXPECT_EQ(kCommands.size(), methods);
  for (const CommandKind& kind : kCommands) {
    auto fields = codec::table<Command>().fields;
    EXPECT_EQ(
        std::count_if(fields.begin(), fields.end(), [&](auto& field) { return field.name == kind.name; }), 1);
  }
}

}  // namespace
}  // namespace whirl::protocol
