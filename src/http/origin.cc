#include "http/origin.h"

#include <utility>

namespace whirl::http {

Result<OriginRule> OriginRule::create(const std::vector<std::string>& patterns) {
  OriginRule rule;
  for (const std::string& pattern : patterns) {
    auto glob = Glob::compile(pattern);
    if (!glob) return fail("allowed_origins: {}", glob.error().message);
    rule.patterns_.push_back(std::move(*glob));
  }
  return rule;
}

bool OriginRule::allows(std::string_view origin) const {
  if (origin.empty()) return true;
  std::string lower(origin);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  for (const Glob& pattern : patterns_) {
    if (pattern.matches(lower)) return true;
  }
  return false;
}

}  // namespace whirl::http
