#include "base/regex.h"

#include <re2/re2.h>

namespace whirl {
namespace {

/// Go also spells named groups (?<name>…), which RE2 does not know: writes them as (?P<name>…).
std::string with_p_groups(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    out += c;
    if (c == '\\' && i + 1 < pattern.size()) {
      out += pattern[++i];
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      // A closing bracket right at the start is an ordinary member of the class.
      if (pattern.substr(i + 1).starts_with('^')) out += pattern[++i];
      if (pattern.substr(i + 1).starts_with(']')) out += pattern[++i];
    } else if (c == '(' && pattern.substr(i + 1).starts_with("?<")) {
      out += "?P<";
      i += 2;
    }
  }
  return out;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto re = std::make_shared<const re2::RE2>(with_p_groups(pattern), options);
  if (!re->ok()) return fail("invalid regular expression {}: {}", pattern, re->error());
  return Regex(std::string(pattern), std::move(re));
}

bool Regex::matches(std::string_view text) const {
  return re2::RE2::PartialMatch(piece(text), *re_);
}

bool Regex::match_groups(std::string_view text, Anchor anchor, Groups& groups) const {
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(re_->NumberOfCapturingGroups()) + 1);
  const auto re_anchor = anchor == Anchor::none ? re2::RE2::UNANCHORED : re2::RE2::ANCHOR_BOTH;
  if (!re_->Match(piece(text), 0, text.size(), re_anchor, found.data(), static_cast<int>(found.size())))
    return false;
  for (const auto& [index, name] : re_->CapturingGroupNames()) {
    const auto& group = found[static_cast<std::size_t>(index)];
    groups.emplace_back(name, std::string_view(group.data(), group.size()));
  }
  return true;
}

std::vector<std::string_view> Regex::group_names() const {
  std::vector<std::string_view> names;
  for (const auto& entry : re_->CapturingGroupNames()) names.emplace_back(entry.second);
  return names;
}

}  // namespace whirl
