#include "driver/redis/resp.h"

#include <algorithm>
#include <charconv>

namespace whirl::driver::redis {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kKeptCapacity = 64 * 1024;
constexpr std::string_view kTexts = "$=!";
constexpr std::string_view kLists = "*~%>|";

template <class Int>
bool parse_integer(std::string_view text, Int& out) {
  if (text.empty()) return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

void append_length(std::string& out, char kind, std::size_t length) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, length).ptr;
  out += kind;
  out.append(digits, end);
  out += kLineEnd;
}

/// What is all in its first line.
bool read_line(char kind, std::string_view line, Value& out) {
  switch (kind) {
    case '+':
    case ',':  // a number with a fraction
    case '(':  // a number of any length
      out.type = Value::Type::status;
      return true;
    case '-':
      out.type = Value::Type::error;
      return true;
    case ':':
      out.type = Value::Type::integer;
      return parse_integer(line, out.integer);
    case '#':
      out.type = Value::Type::integer;
      out.integer = line == "t" ? 1 : 0;
      return line == "t" || line == "f";
    case '_':
      out.type = Value::Type::nil;
      return line.empty();
    default:
      return false;
  }
}

}  // namespace

bool Value::to_integer(std::int64_t& out) const {
  if (type == Type::integer) {
    out = integer;
    return true;
  }
  return (type == Type::bulk || type == Type::status) && parse_integer(text, out);
}

void Parser::feed(std::string_view bytes) {
  if (start_ > 0) {
    buffer_.erase(0, start_);
    needed_ -= std::min(needed_, start_);
    start_ = 0;
  }
  if (buffer_.empty() && buffer_.capacity() > kKeptCapacity) buffer_ = {};
  buffer_ += bytes;
}

Result<bool> Parser::next(Value& out) {
  if (start_ == buffer_.size() || buffer_.size() < needed_) return false;
  std::size_t at = start_;
  auto step = read(at, 0, out);
  if (!step) return tl::unexpected(std::move(step.error()));
  if (*step == Step::more) {
    needed_ = at;
    return false;
  }
  start_ = at;
  needed_ = 0;
  return true;
}

/// Moves `at` behind the value, or to where the buffer must reach at least.
Result<Parser::Step> Parser::read(std::size_t& at, int depth, Value& out) const {
  const std::size_t end = buffer_.find(kLineEnd, at);
  if (std::min(end, buffer_.size()) - at > kMaxLine) return fail("a line of the reply is too long");
  if (end == std::string::npos) {
    at = buffer_.size() + 1;
    return Step::more;
  }
  if (end == at) return fail("an empty line where a reply should begin");
  const char kind = buffer_[at];
  const std::string_view line = std::string_view(buffer_).substr(at + 1, end - at - 1);
  at = end + kLineEnd.size();
  out.items.clear();
  out.text = line;
  if (kTexts.find(kind) != kTexts.npos) return read_text(at, kind, line, out);
  if (kLists.find(kind) != kLists.npos) return read_list(at, kind, line, depth, out);
  if (!read_line(kind, line, out)) return fail("\"{}\" cannot be a reply", kind + std::string(line));
  return Step::done;
}

Result<Parser::Step> Parser::read_text(std::size_t& at, char kind, std::string_view length,
                                       Value& out) const {
  std::int64_t size = 0;
  if (!parse_integer(length, size) || size < -1 || size > static_cast<std::int64_t>(kMaxBulk)) {
    return fail("a text cannot be {} bytes long", length);
  }
  out.text = {};
  if (size < 0) {
    out.type = Value::Type::nil;
    return Step::done;
  }
  const auto bytes = static_cast<std::size_t>(size);
  if (buffer_.size() - at < bytes + kLineEnd.size()) {
    at += bytes + kLineEnd.size();
    return Step::more;
  }
  out.type = kind == '!' ? Value::Type::error : Value::Type::bulk;
  out.text = std::string_view(buffer_).substr(at, bytes);
  if (buffer_.compare(at + bytes, kLineEnd.size(), kLineEnd) != 0)
    return fail("a text does not end where it should");
  at += bytes + kLineEnd.size();
  // What a verbatim text begins with tells its format: "txt:".
  if (kind == '=') out.text.remove_prefix(std::min<std::size_t>(4, bytes));
  return Step::done;
}

Result<Parser::Step> Parser::read_list(std::size_t& at, char kind, std::string_view length, int depth,
                                       Value& out) const {
  std::int64_t count = 0;
  const auto most = static_cast<std::int64_t>(kMaxItems);
  if (!parse_integer(length, count) || count < -1 || count > most) {
    return fail("a list cannot have {} items", length);
  }
  if (depth == kMaxDepth) return fail("lists are nested too deeply");
  out.text = {};
  out.type = count < 0 ? Value::Type::nil : kind == '>' ? Value::Type::push : Value::Type::array;
  if (kind == '%' || kind == '|') count *= 2;
  for (std::int64_t i = 0; i < count; ++i) {
    // Grows with what is there, not with what is announced.
    auto step = read(at, depth + 1, out.items.emplace_back());
    if (!step || *step == Step::more) return step;
  }
  // Attributes are about the value that follows; nobody asks for them.
  return kind == '|' ? read(at, depth + 1, out) : Step::done;
}

void append_command(std::string& out, std::span<const std::string_view> words) {
  append_length(out, '*', words.size());
  for (std::string_view word : words) {
    append_length(out, '$', word.size());
    out += word;
    out += kLineEnd;
  }
}

}  // namespace whirl::driver::redis
