#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "config/value.h"

namespace whirl::config {
namespace {

constexpr int kMaxDepth = 100;

std::optional<std::int64_t> whole_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string digits(negative || text.starts_with('+') ? text.substr(1) : text);
  int base = 10;
  if (digits.starts_with("0x")) base = 16;
  if (digits.starts_with("0o")) base = 8;
  if (digits.starts_with("0b")) base = 2;
  if (base != 10) digits.erase(0, 2);
  std::erase(digits, '_');
  if (negative) digits.insert(0, "-");
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> real_number(std::string_view text) {
  // Only what looks like a number: from_chars would take "inf" and "nan" too.
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A scalar without quotes and tag has the type that it looks like.
Value plain_scalar(const std::string& text) {
  static constexpr std::string_view kNulls[] = {"", "~", "null", "Null", "NULL"};
  static constexpr std::string_view kTrue[] = {"true", "True", "TRUE"};
  static constexpr std::string_view kFalse[] = {"false", "False", "FALSE"};
  if (std::ranges::find(kNulls, text) != std::end(kNulls)) return {};
  if (std::ranges::find(kTrue, text) != std::end(kTrue)) return {true};
  if (std::ranges::find(kFalse, text) != std::end(kFalse)) return {false};
  if (const auto number = whole_number(text)) return {*number};
  if (const auto number = real_number(text)) return {*number};
  return {text};
}

Value convert(const YAML::Node& from, int depth);

/// `<<: *anchor` adds what the map does not say itself.
void merge(Map& into, const Value& more) {
  if (const auto* list = more.as<List>()) {
    for (const Value& item : *list) merge(into, item);
  }
  const auto* map = more.as<Map>();
  if (!map) return;
  for (const Entry& entry : *map) {
    const auto same = [&](const Entry& e) { return e.key == entry.key; };
    if (std::ranges::none_of(into, same)) into.push_back(entry);
  }
}

Value convert_map(const YAML::Node& from, int depth) {
  Map map;
  Map merged;
  for (const auto& item : from) {
    const std::string key = item.first.Scalar();
    Value value = convert(item.second, depth + 1);
    if (key == "<<") {
      merge(merged, value);
    } else {
      map.push_back({key, std::move(value)});
    }
  }
  merge(map, Value{std::move(merged)});
  return {std::move(map)};
}

Value convert(const YAML::Node& from, int depth) {
  if (depth > kMaxDepth) throw YAML::Exception(from.Mark(), "nested too deeply");
  switch (from.Type()) {
    case YAML::NodeType::Sequence: {
      List list;
      for (const auto& item : from) list.push_back(convert(item, depth + 1));
      return {std::move(list)};
    }
    case YAML::NodeType::Map:
      return convert_map(from, depth);
    case YAML::NodeType::Scalar:
      return from.Tag() == "?" ? plain_scalar(from.Scalar()) : Value{from.Scalar()};
    default:
      return {};
  }
}

}  // namespace

Result<Value> parse_yaml(std::string_view text) {
  try {
    return convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    return fail("not valid YAML in line {}, column {}: {}", error.mark.line + 1, error.mark.column + 1,
                error.msg);
  }
}

}  // namespace whirl::config
