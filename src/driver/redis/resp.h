#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The protocol of Redis (RESP 2 and 3), bytes to values and back. The reader of hiredis is not used: it
/// copies every reply into nodes of the heap, while ours hands out views of one buffer.
namespace whirl::driver::redis {

/// A reply. The texts are views into the parser's buffer. What version 3 has more of is told in the terms of
/// version 2: a map is an array of its keys and values in turn, a set is an array, a truth value is an
/// integer, other numbers are statuses.
struct Value {
  /// A push answers no command: a message of PUB/SUB, or that something was subscribed to.
  enum class Type : std::uint8_t { nil, integer, status, bulk, error, array, push };
  Type type = Type::nil;
  std::int64_t integer = 0;
  std::string_view text{};
  std::vector<Value> items{};

  bool is_error() const { return type == Type::error; }
  bool is_nil() const { return type == Type::nil; }
  bool is_list() const { return type == Type::array || type == Type::push; }
  /// The number that this is, or that its text spells; false for anything else.
  bool to_integer(std::int64_t& out) const;
};

/// Cuts a stream of bytes into values.
class Parser {
 public:
  static constexpr std::size_t kMaxBulk = 512U << 20;
  static constexpr std::size_t kMaxItems = 1U << 22;
  static constexpr int kMaxDepth = 8;

  /// Ends the life of the values that were handed out.
  void feed(std::string_view bytes);
  /// True if `out` is the next value, false if more bytes are needed. After an error the stream is of no use.
  Result<bool> next(Value& out);

 private:
  enum class Step { done, more };
  Result<Step> read(std::size_t& at, int depth, Value& out) const;
  Result<Step> read_text(std::size_t& at, char kind, std::string_view length, Value& out) const;
  Result<Step> read_list(std::size_t& at, char kind, std::string_view length, int depth, Value& out) const;

  std::string buffer_;
  std::size_t start_ = 0;   // of what was not handed out yet
  std::size_t needed_ = 0;  // bytes of the buffer before which trying again is of no use
};

/// Appends a command.
void append_command(std::string& out, std::span<const std::string_view> words);

}  // namespace whirl::driver::redis
