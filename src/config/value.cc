#include "config/value.h"

#include <fmt/format.h>

#include <cctype>

namespace whirl::config {
namespace {

bool ends_with_word(std::string_view text, std::string_view end) {
  if (text.size() < end.size()) return false;
  text.remove_prefix(text.size() - end.size());
  for (std::size_t i = 0; i < end.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(text[i])) != end[i]) return false;
  }
  return true;
}

}  // namespace

std::string describe(const Value& value, bool with_content) {
  if (value.is_null()) return "nothing";
  if (value.as<List>()) return "a list";
  if (value.as<Map>()) return "an object";
  if (const auto* truth = value.as<bool>()) return *truth ? "true" : "false";
  if (!with_content) return value.as<std::string>() ? "another text" : "a number";
  if (const auto* text = value.as<std::string>()) return fmt::format("the text \"{}\"", *text);
  if (const auto* number = value.as<std::int64_t>()) return fmt::format("the number {}", *number);
  return fmt::format("the number {}", std::get<double>(value.data));
}

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {"JSON", {".json"}, parse_json, write_json},
      {"YAML", {".yaml", ".yml"}, parse_yaml, write_yaml},
      {"TOML", {".toml"}, parse_toml, write_toml},
  };
  return all;
}

const Format* format_of(std::string_view path) {
  for (const Format& format : formats()) {
    for (std::string_view extension : format.extensions) {
      if (ends_with_word(path, extension)) return &format;
    }
  }
  return nullptr;
}

}  // namespace whirl::config
