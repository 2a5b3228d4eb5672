#include "driver/redis/resp.h"

#include <gmock/gmock.h>

namespace whirl::driver::redis {
namespace {

using ::testing::ElementsAre;

/// A value in short: "+OK", "-ERR", ":1", "\"bulk\"", "nil", "[...]", ">[...]".
std::string show(const Value& value) {
  switch (value.type) {
    case Value::Type::nil:
      return "nil";
    case Value::Type::integer:
      return ":" + std::to_string(value.integer);
    case Value::Type::status:
      return "+" + std::string(value.text);
    case Value::Type::error:
      return "-" + std::string(value.text);
    case Value::Type::bulk:
      return "\"" + std::string(value.text) + "\"";
    case Value::Type::array:
    case Value::Type::push:
      break;
  }
  std::string out;
  for (const Value& item : value.items) out += (out.empty() ? "" : " ") + show(item);
  return (value.type == Value::Type::push ? ">[" : "[") + out + "]";
}

/// Everything in the bytes, which come in pieces of so many.
std::vector<std::string> read(std::string_view bytes, std::size_t piece = 1000) {
  Parser parser;
  std::vector<std::string> out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    parser.feed(bytes.substr(0, piece));
    Value value;
    for (;;) {
      auto got = parser.next(value);
      if (!got) {
        out.push_back("error: " + got.error().message);
        return out;
      }
      if (!*got) break;
      out.push_back(show(value));
    }
  }
  return out;
}

TEST(RespTest, ReadsEveryKindOfReply) {
  EXPECT_THAT(read("+OK\r\n-ERR no\r\n:-12\r\n$3\r\na\r\n\r\n$-1\r\n*0\r\n*-1\r\n"),
              ElementsAre("+OK", "-ERR no", ":-12", "\"a\r\n\"", "nil", "[]", "nil"));
  EXPECT_THAT(read("*3\r\n:1\r\n$-1\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nd\r\n$0\r\n\r\n"),
              ElementsAre("[:1 nil [[\"1-0\" [\"d\" \"\"]]]]"));
}

TEST(RespTest, ReadsWhatVersion3HasMoreOf) {
  EXPECT_THAT(read("_\r\n#t\r\n#f\r\n,1.5\r\n(123456789012345678901\r\n"),
              ElementsAre("nil", ":1", ":0", "+1.5", "+123456789012345678901"));
  EXPECT_THAT(read("=7\r\ntxt:abc\r\n=2\r\nab\r\n!5\r\nERR x\r\n~2\r\n:1\r\n:2\r\n"),
              ElementsAre("\"abc\"", "\"\"", "-ERR x", "[:1 :2]"));
  EXPECT_THAT(read("%2\r\n+a\r\n:1\r\n+b\r\n%1\r\n+c\r\n_\r\n%0\r\n"),
              ElementsAre("[+a :1 +b [+c nil]]", "[]"));
  EXPECT_THAT(read(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nx\r\n:1\r\n"),
              ElementsAre(">[\"message\" \"c\" \"x\"]", ":1"));
  EXPECT_THAT(read("*2\r\n|1\r\n+ttl\r\n:9\r\n:1\r\n:2\r\n"), ElementsAre("[:1 :2]")) << "without attributes";
}

TEST(RespTest, HowTheBytesAreCutDoesNotMatter) {
  const std::string bytes = ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$5\r\n\r\n\r\n\r\r\n|1\r\n+a\r\n_\r\n:7\r\n";
  const auto whole = read(bytes);
  EXPECT_THAT(whole, ElementsAre(">[\"message\" \"c\" \"\r\n\r\n\r\"]", ":7"));
  for (std::size_t piece = 1; piece < bytes.size(); ++piece) EXPECT_EQ(read(bytes, piece), whole) << piece;
}

TEST(RespTest, RefusesWhatIsNotTheProtocol) {
  for (const char* bytes : {"HTTP/1.1 400\r\n", "\r\n", ":x\r\n", ":\r\n", "$x\r\n", "$-2\r\n", "*-2\r\n",
                            "$1\r\nabc", "$536870913\r\n", "*4194305\r\n", "#x\r\n", "_1\r\n", "$?\r\n",
                            "=-2\r\n", "%4194305\r\n", "+", "$"}) {
    Parser parser;
    parser.feed(bytes);
    Value value;
    auto got = parser.next(value);
    EXPECT_EQ(got.has_value(), std::string_view(bytes).size() == 1) << bytes;
  }
}

TEST(RespTest, BoundsLinesAndNesting) {
  EXPECT_THAT(read("+" + std::string(65'536, 'x') + "\r\n").back(), ::testing::HasSubstr("too long"));
  std::string nested;
  for (int i = 0; i <= Parser::kMaxDepth; ++i) nested += "*1\r\n";
  EXPECT_THAT(read(nested).back(), ::testing::HasSubstr("nested too deeply"));
  std::string attributes;
  for (int i = 0; i <= Parser::kMaxDepth; ++i) attributes += "|0\r\n";
  EXPECT_THAT(read(attributes).back(), ::testing::HasSubstr("nested too deeply"));
}

TEST(RespTest, NumbersAreReadFromTextsToo) {
  Value value;
  std::int64_t number = 0;
  value.type = Value::Type::bulk;
  value.text = "42";
  EXPECT_TRUE(value.to_integer(number));
  EXPECT_EQ(number, 42);
  for (std::string_view bad : {"", "4x", " 4", "99999999999999999999"}) {
    value.text = bad;
    EXPECT_FALSE(value.to_integer(number)) << bad;
  }
}

TEST(RespTest, WritesCommands) {
  std::string out;
  const std::string_view words[] = {"SET", "k\r\n", ""};
  append_command(out, words);
  EXPECT_EQ(out, "*3\r\n$3\r\nSET\r\n$3\r\nk\r\n\r\n$0\r\n\r\n");
}

}  // namespace
}  // namespace whirl::driver::redis
