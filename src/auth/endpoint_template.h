#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "base/result.h"

namespace whirl::auth {

/// The URL of a key set, in which {{name}} stands for what a named group of issuer_regex or audience_regex
/// matched in a token. Those values come from tokens nobody has verified yet, so they can only be what the
/// configuration lists, and cannot change which host is asked, leave the path they stand in, or begin a
/// query.
class EndpointTemplate {
 public:
  /// The two expressions by which tokens are read, null where there is none. Fails on other schemes than http
  /// and https, on a placeholder without a group, and, unless `skip_safety_check`, on a group that matches
  /// more than an explicit list of values.
  static Result<EndpointTemplate> parse(std::string_view url, const Regex* issuer, const Regex* audience,
                                        bool skip_safety_check);

  /// Whether one of the placeholders is a group of the expression; it must then match the claim as a whole.
  bool uses_group_of(const Regex& regex) const;

  /// The URL with the values put in; fails on a value that must not be put there.
  Result<std::string> resolve(const Regex::Groups& values) const;

 private:
  struct Part {
    std::string literal;
    std::string placeholder;  ///< follows the literal; empty in the last part
    bool in_authority;        ///< the placeholder is in the host and port
  };

  std::vector<Part> parts_;
};

/// Fails if the group of that name can match anything but a value out of an explicit list, like
/// a|b\.example|c; also if the expression has character classes anywhere.
Result<> check_lists_values(std::string_view pattern, std::string_view group);

}  // namespace whirl::auth
