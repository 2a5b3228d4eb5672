#include "driver/redis/resp.h"

#include <algorithm>
#include <charconv>

namespace whirl::driver::redis {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kKeptCapacity = 64 * 1024;

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
  switch (kind) {
    case '+':
      out.type = Value::Type::status;
      return Step::done;
    case '-':
      out.type = Value::Type::error;
      return Step::done;
    case ':':
      out.type = Value::Type::integer;
      if (!parse_integer(line, out.integer)) return fail("\"{}\" is not a number", line);
      return Step::done;
    case '$':
      return read_bulk(at, line, out);
    case '*':
      return read_array(at, line, depth, out);
    default:
      return fail("byte {} begins no reply", static_cast<int>(static_cast<unsigned char>(kind)));
  }
}

Result<Parser::Step> Parser::read_bulk(std::size_t& at, std::string_view length, Value& out) const {
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
  out.type = Value::Type::bulk;
  out.text = std::string_view(buffer_).substr(at, bytes);
  if (buffer_.compare(at + bytes, kLineEnd.size(), kLineEnd) != 0)
    return fail("a text does not end where it should");
  at += bytes + kLineEnd.size();
  return Step::done;
}

Result<Parser::Step> Parser::read_array(std::size_t& at, std::string_view length, int depth,
                                        Value& out) const {
  std::int64_t count = 0;
  if (!parse_integer(length, count) || count < -1 || count > static_cast<std::int64_t>(kMaxItems)) {
    return fail("a list cannot have {} items", length);
  }
  if (depth == kMaxDepth) return fail("lists are nested too deeply");
  out.text = {};
  out.type = count < 0 ? Value::Type::nil : Value::Type::array;
  for (std::int64_t i = 0; i < count; ++i) {
    // Grows with what is there, not with what is announced.
    auto step = read(at, depth + 1, out.items.emplace_back());
    if (!step || *step == Step::more) return step;
  }
  return Step::done;
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
