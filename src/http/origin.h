#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.h"
#include "base/result.h"

namespace whirl::http {

/// Which web pages may use the server: client.allowed_origins. Immutable; any loop may ask.
class OriginRule {
 public:
  /// Patterns are globs over the origin in lower case, such as "https://*.example.com". The single pattern
  /// "*" allows everything. Fails on a malformed pattern.
  static Result<OriginRule> create(const std::vector<std::string>& patterns);

  /// `origin` as the Origin header has it. Requests without one don't come from a page and are allowed.
  bool allows(std::string_view origin) const;

 private:
  std::vector<Glob> patterns_;
};

}  // namespace whirl::http
