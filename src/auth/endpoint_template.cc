#include "auth/endpoint_template.h"

#include <algorithm>
#include <cctype>

#include "base/log.h"

namespace whirl::auth {
namespace {

constexpr std::string_view kAdvice = "list the allowed values instead, like value1|value2|value3";

/// Length of the "(?P<name>" or "(?<name>" that the text starts with; 0 if it does not open a group of that
/// name.
std::size_t opens_group(std::string_view text, std::string_view name) {
  for (std::string_view opening : {"(?P<", "(?<"}) {
    if (text.starts_with(opening) && text.substr(opening.size()).starts_with(name) &&
        text.substr(opening.size() + name.size()).starts_with('>')) {
      return opening.size() + name.size() + 1;
    }
  }
  return 0;
}

/// Letters behind a backslash stand for classes, anchors and the like; other characters for themselves.
bool is_escaped_literal(std::string_view text) {
  return text.size() > 1 && text[0] == '\\' && !std::isalnum(static_cast<unsigned char>(text[1]));
}

Result<> no_classes(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '[') return fail("contains a character class; {}", kAdvice);
    if (pattern[i] != '\\') continue;
    ++i;
    if (i < pattern.size() && std::string_view("dDwWsSpP").find(pattern[i]) != std::string_view::npos) {
      return fail("contains the character class \\{}; {}", pattern[i], kAdvice);
    }
  }
  return {};
}

/// `rest` starts inside the group; looks as far as the parenthesis that closes it.
bool lists_values(std::string_view rest) {
  int depth = 1;
  while (!rest.empty()) {
    std::size_t step = 1;
    if (rest[0] == '\\') {
      if (!is_escaped_literal(rest)) return false;
      step = 2;
    } else if (rest[0] == '(') {
      ++depth;
      if (rest.starts_with("(?:")) {
        step = 3;
      } else if (rest.starts_with("(?")) {
        const auto name_end = rest.find('>');
        if (!(rest.starts_with("(?P<") || rest.starts_with("(?<")) || name_end == rest.npos) return false;
        step = name_end + 1;
      }
    } else if (rest[0] == ')') {
      if (--depth == 0) return true;
    } else if (std::string_view(".*+?{}[]^$").find(rest[0]) != std::string_view::npos) {
      return false;
    }
    rest.remove_prefix(step);
  }
  return false;
}

bool allowed_in_authority(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == ':';
}

bool allowed_behind_authority(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("-._~/@:+=,").find(c) != std::string_view::npos;
}

/// No empty, "." or ".." segments in the path of a URL, whichever part of it a value brought.
bool is_clean_path(std::string_view url) {
  url.remove_prefix(std::min(url.size(), url.find("://") + 3));
  url = url.substr(0, url.find_first_of("?#"));
  const auto first = url.find('/');
  if (first == url.npos) return true;
  url.remove_prefix(first + 1);
  for (;;) {
    const auto end = url.find('/');
    const std::string_view segment = url.substr(0, end);
    if (end == url.npos) return segment != "." && segment != "..";
    if (segment.empty() || segment == "." || segment == "..") return false;
    url.remove_prefix(end + 1);
  }
}

bool has_group(const Regex* regex, std::string_view name) {
  return regex && std::ranges::count(regex->group_names(), name) > 0;
}

}  // namespace

Result<> check_lists_values(std::string_view pattern, std::string_view group) {
  if (auto checked = no_classes(pattern); !checked) return checked;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (const std::size_t opening = opens_group(pattern.substr(i), group)) {
      if (lists_values(pattern.substr(i + opening))) return {};
      break;
    }
  }
  return fail("named group \"{}\" can match any value; {}", group, kAdvice);
}

Result<EndpointTemplate> EndpointTemplate::parse(std::string_view url, const Regex* issuer,
                                                 const Regex* audience, bool skip_safety_check) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return fail("jwks_public_endpoint must start with http:// or https://, it is {}", url);
  }
  EndpointTemplate out;
  std::size_t authority_end = url.find_first_of("/?#", url.find("://") + 3);
  std::size_t at = 0;
  for (;;) {
    const auto open = url.find("{{", at);
    const auto close = open == url.npos ? url.npos : url.find("}}", open + 2);
    if (close == url.npos) break;
    const std::string_view name = url.substr(open + 2, close - open - 2);
    for (const auto& [regex, option] :
         {std::pair(issuer, "issuer_regex"), std::pair(audience, "audience_regex")}) {
      if (!has_group(regex, name)) continue;
      const auto checked = check_lists_values(regex->pattern(), name);
      if (!checked && !skip_safety_check) {
        return fail("{} is used in jwks_public_endpoint but {}", option, checked.error().message);
      }
      if (!checked) {
        log::warn("insecure JWKS endpoint: values from unverified tokens choose where keys are fetched",
                  {{"option", option}, {"problem", checked.error().message}});
      }
    }
    if (!has_group(issuer, name) && !has_group(audience, name)) {
      return fail(
          "jwks_public_endpoint has {{{{{}}}}}, but neither issuer_regex nor audience_regex a group of that "
          "name",
          name);
    }
    out.parts_.push_back({std::string(url.substr(at, open - at)), std::string(name), open < authority_end});
    at = close + 2;
  }
  out.parts_.push_back({std::string(url.substr(at)), "", false});
  return out;
}

bool EndpointTemplate::uses_group_of(const Regex& regex) const {
  return std::ranges::any_of(parts_, [&](const Part& part) {
    return !part.placeholder.empty() && has_group(&regex, part.placeholder);
  });
}

Result<std::string> EndpointTemplate::resolve(const Regex::Groups& values) const {
  std::string url;
  for (const Part& part : parts_) {
    url += part.literal;
    if (part.placeholder.empty()) continue;
    std::string_view value;
    for (const auto& [name, matched] : values) {
      if (name == part.placeholder) value = matched;
    }
    const auto allowed = part.in_authority ? allowed_in_authority : allowed_behind_authority;
    if (value.empty() || !std::ranges::all_of(value, allowed)) {
      return fail("the token's value of {} cannot be part of a JWKS URL", part.placeholder);
    }
    url += value;
  }
  if (parts_.size() > 1 && !is_clean_path(url))
    return fail("the token's values lead out of the JWKS URL's path");
  return url;
}

}  // namespace whirl::auth
