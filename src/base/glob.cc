#include "base/glob.h"

#include <utility>

namespace whirl {
namespace {

/// Calls `visit(position, depth)` for each character that is not escaped or inside a class.
template <class Visit>
void walk_braces(std::string_view pattern, Visit visit) {
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (c == '[') {
      std::size_t end = pattern.find(']', i + 2);
      if (end != std::string_view::npos) i = end;
    } else if (c == '{' || c == '}' || c == ',') {
      if (c == '{') ++depth;
      if (!visit(i, depth)) return;
      if (c == '}') --depth;
    }
  }
}

}  // namespace

Result<Glob> Glob::compile(std::string_view pattern) {
  auto expanded = expand(pattern);
  if (!expanded) return tl::unexpected(expanded.error());
  Glob glob;
  for (const std::string& one : *expanded) {
    auto items = parse(one);
    if (!items) return tl::unexpected(items.error());
    glob.alternatives_.push_back(std::move(*items));
  }
  return glob;
}

bool Glob::matches(std::string_view text) const {
  for (const Sequence& items : alternatives_) {
    if (match(items, text)) return true;
  }
  return false;
}

// Replaces the first {a,b} by each of its alternatives until no braces are left.
Result<std::vector<std::string>> Glob::expand(std::string_view pattern) {
  std::vector<std::string> done;
  std::vector<std::string> todo{std::string(pattern)};
  while (!todo.empty()) {
    std::string current = std::move(todo.back());
    todo.pop_back();
    std::vector<std::size_t> marks;
    bool closed = false;
    bool stray = false;
    walk_braces(current, [&](std::size_t at, int depth) {
      char c = current[at];
      if (depth == 0) {
        stray = c == '}';
        return !stray;
      }
      if (depth == 1) marks.push_back(at);
      closed = depth == 1 && c == '}';
      return !closed;
    });
    if (stray || (!marks.empty() && !closed)) return fail("pattern \"{}\" has an unbalanced brace", pattern);
    if (marks.empty()) {
      done.push_back(std::move(current));
    } else {
      std::string_view text = current;
      for (std::size_t i = marks.size() - 1; i > 0; --i) {
        std::string one(text.substr(0, marks.front()));
        one += text.substr(marks[i - 1] + 1, marks[i] - marks[i - 1] - 1);
        one += text.substr(marks.back() + 1);
        todo.push_back(std::move(one));
      }
    }
    if (done.size() + todo.size() > kMaxAlternatives) {
      return fail("pattern \"{}\" has more than {} alternatives", pattern, kMaxAlternatives);
    }
  }
  return done;
}

Result<Glob::Sequence> Glob::parse(std::string_view pattern) {
  Sequence items;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '*') {
      if (items.empty() || items.back().kind != Item::Kind::any)
        items.push_back({Item::Kind::any, false, {}});
    } else if (c == '?') {
      items.push_back({Item::Kind::one, false, {}});
    } else if (c == '[') {
      auto one_of = parse_class(pattern, i);
      if (!one_of) return tl::unexpected(one_of.error());
      items.push_back(std::move(*one_of));
    } else {
      if (c == '\\' && i + 1 < pattern.size()) c = pattern[++i];
      items.push_back({Item::Kind::literal, false, std::string(1, c)});
    }
  }
  return items;
}

Result<Glob::Item> Glob::parse_class(std::string_view pattern, std::size_t& at) {
  Item item{Item::Kind::one_of, false, {}};
  std::size_t i = at + 1;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) {
    item.negated = true;
    ++i;
  }
  std::size_t first = i;
  for (; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    char from = pattern[i];
    char to = from;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') to = pattern[i += 2];
    item.bytes += from;
    item.bytes += to;
  }
  if (i >= pattern.size()) return fail("pattern \"{}\" has an unclosed [", pattern);
  at = i;
  return item;
}

bool Glob::Item::accepts(char c) const {
  if (kind == Kind::one) return true;
  if (kind == Kind::literal) return bytes[0] == c;
  auto byte = static_cast<unsigned char>(c);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    bool inside =
        static_cast<unsigned char>(bytes[i]) <= byte && byte <= static_cast<unsigned char>(bytes[i + 1]);
    if (inside) return !negated;
  }
  return negated;
}

// Greedy with one point of return: after a mismatch the latest `*` takes one more character.
bool Glob::match(const Sequence& items, std::string_view text) {
  std::size_t at = 0;
  std::size_t item = 0;
  std::size_t star = items.size();
  std::size_t star_at = 0;
  while (at < text.size()) {
    if (item < items.size() && items[item].kind == Item::Kind::any) {
      star = item++;
      star_at = at;
    } else if (item < items.size() && items[item].accepts(text[at])) {
      ++item;
      ++at;
    } else if (star < items.size()) {
      item = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  while (item < items.size() && items[item].kind == Item::Kind::any) ++item;
  return item == items.size();
}

}  // namespace whirl
