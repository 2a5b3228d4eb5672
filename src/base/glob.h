#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace whirl {

/// A shell-like pattern for whole texts: `*` (also `**`) any run of characters, `?` one character, `[abc]`,
/// `[a-z]`,
/// `[!a-z]` one of a class, `{one,two}` one of several patterns, `\` takes the next character as it is.
/// Characters are bytes. Immutable; any thread may match. Time is bounded by the size of the pattern times
/// that of the text.
class Glob {
 public:
  /// Fails on an unclosed class or alternative, and on patterns with more alternatives than kMaxAlternatives.
  static Result<Glob> compile(std::string_view pattern);
  static constexpr std::size_t kMaxAlternatives = 256;

  bool matches(std::string_view text) const;

 private:
  struct Item {
    enum class Kind { literal, one, any, one_of } kind;
    bool negated = false;
    std::string bytes;  // literal: one byte; one_of: pairs of first and last byte
    bool accepts(char c) const;
  };
  using Sequence = std::vector<Item>;

  static Result<std::vector<std::string>> expand(std::string_view pattern);
  static Result<Sequence> parse(std::string_view pattern);
  static Result<Item> parse_class(std::string_view pattern, std::size_t& at);
  static bool match(const Sequence& items, std::string_view text);

  std::vector<Sequence> alternatives_;
};

}  // namespace whirl
