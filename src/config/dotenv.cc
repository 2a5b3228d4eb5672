#include "config/environment.h"

namespace whirl::config {
namespace {

std::string_view trim(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

/// What an escaped character in double quotes stands for.
char unescape(char c) {
  return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

/// The value after the equals sign; nothing if a quote is not closed.
bool read_value(std::string_view text, std::string& out) {
  if (!text.starts_with('"') && !text.starts_with('\'')) {
    const std::size_t comment = text.find(" #");
    out = trim(text.substr(0, comment));
    return true;
  }
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) return true;
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      out += unescape(text[++i]);
    } else {
      out += text[i];
    }
  }
  return false;
}

}  // namespace

Result<> add_variables(Environment& env, std::string_view text, std::string_view path) {
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    std::string_view rest = trim(whole);
    if (rest.empty() || rest.starts_with('#')) continue;
    if (rest.starts_with("export ")) rest = trim(rest.substr(7));
    const std::size_t equals = rest.find('=');
    const std::string_view name = trim(rest.substr(0, equals));
    if (equals == rest.npos || name.empty()) return fail("{}: line {} must be NAME=value", path, line);
    std::string value;
    if (!read_value(trim(rest.substr(equals + 1)), value)) {
      return fail("{}: line {} has a quote that is not closed", path, line);
    }
    env.emplace(name, value);
  }
  return {};
}

}  // namespace whirl::config
