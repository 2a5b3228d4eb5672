#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace whirl {

/// A regular expression in Go's syntax, which takes time linear in the text. Immutable; any thread may match.
class Regex {
 public:
  /// Fails on a pattern that Go's regexp package would not compile either.
  static Result<Regex> compile(std::string_view pattern);

  const std::string& pattern() const { return pattern_; }

  /// Whether the pattern occurs anywhere in the text: anchors are the pattern's own affair.
  bool matches(std::string_view text) const;

  /// Named groups with what they matched (views into the text; empty where a group took no part).
  using Groups = std::vector<std::pair<std::string_view, std::string_view>>;
  enum class Anchor { none, whole_text };
  /// Like matches(), or only of the text as a whole, and appends the named groups in the order of the
  /// pattern.
  bool match_groups(std::string_view text, Anchor anchor, Groups& groups) const;

  /// Names of the named groups in the order of the pattern.
  std::vector<std::string_view> group_names() const;

 private:
  Regex(std::string pattern, std::shared_ptr<const re2::RE2> re)
      : pattern_(std::move(pattern)), re_(std::move(re)) {}

  std::string pattern_;
  std::shared_ptr<const re2::RE2> re_;
};

}  // namespace whirl
