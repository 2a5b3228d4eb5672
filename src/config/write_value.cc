#include <cctype>

#include "base/json_text.h"
#include "config/value.h"

namespace whirl::config {
namespace {

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string scalar(const Value& value) {
  if (const auto* text = value.as<std::string>()) return json_quoted(*text);
  if (const auto* number = value.as<std::int64_t>()) return std::to_string(*number);
  if (const auto* real = value.as<double>()) return fmt::format("{}", *real);
  if (const auto* truth = value.as<bool>()) return *truth ? "true" : "false";
  return "null";
}

bool is_empty(const Value& value) {
  if (const auto* list = value.as<List>()) return list->empty();
  if (const auto* map = value.as<Map>()) return map->empty();
  return false;
}

/// JSON with line ends and `indent` spaces before what is inside, or without any if `indent` is negative.
void json(std::string& out, const Value& value, int indent) {
  const auto* list = value.as<List>();
  const auto* map = value.as<Map>();
  if (!list && !map) {
    out += scalar(value);
    return;
  }
  const int inner = indent < 0 ? indent : indent + 2;
  bool first = true;
  const auto next = [&] {
    if (!first) out += ',';
    first = false;
    if (indent >= 0) out += '\n' + std::string(static_cast<std::size_t>(inner), ' ');
  };
  out += list ? '[' : '{';
  if (list) {
    for (const Value& item : *list) {
      next();
      json(out, item, inner);
    }
  } else {
    for (const Entry& entry : *map) {
      next();
      out += json_quoted(entry.key) + (indent < 0 ? ":" : ": ");
      json(out, entry.value, inner);
    }
  }
  if (!first && indent >= 0) out += '\n' + std::string(static_cast<std::size_t>(indent), ' ');
  out += list ? ']' : '}';
}

/// Keys of options need no quotes; those of text maps may.
std::string bare_key(std::string_view key) {
  for (char c : key) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-') return json_quoted(key);
  }
  return key.empty() ? json_quoted(key) : std::string(key);
}

/// What follows a key or a dash: on the same line where it has no content, else on lines of its own.
void yaml(std::string& out, const Value& value, std::size_t indent) {
  const std::string margin(indent, ' ');
  if (const auto* map = value.as<Map>(); map && !map->empty()) {
    out += '\n';
    for (const Entry& entry : *map) {
      out += margin + bare_key(entry.key) + ':';
      yaml(out, entry.value, indent + 2);
    }
    return;
  }
  if (const auto* list = value.as<List>(); list && !list->empty()) {
    out += '\n';
    for (const Value& item : *list) {
      out += margin + '-';
      yaml(out, item, indent + 2);
    }
    return;
  }
  out += ' ';
  json(out, value, -1);
  out += '\n';
}

bool is_table_list(const Value& value) {
  const auto* list = value.as<List>();
  return list && !list->empty() && list->front().as<Map>();
}

/// Plain values of a table come before its inner tables, so that they belong to it.
void toml(std::string& out, const Map& map, const std::string& path) {
  for (const Entry& entry : map) {
    const bool inner = is_table_list(entry.value) || (entry.value.as<Map>() && !is_empty(entry.value));
    if (inner || entry.value.is_null()) continue;
    out += bare_key(entry.key) + " = ";
    json(out, entry.value, -1);
    out += '\n';
  }
  for (const Entry& entry : map) {
    const std::string inner_path = path.empty() ? bare_key(entry.key) : path + '.' + bare_key(entry.key);
    if (is_table_list(entry.value)) {
      for (const Value& item : *entry.value.as<List>()) {
        out += fmt::format("\n[[{}]]\n", inner_path);
        toml(out, *item.as<Map>(), inner_path);
      }
    } else if (const auto* inner = entry.value.as<Map>(); inner && !inner->empty()) {
      out += fmt::format("\n[{}]\n", inner_path);
      toml(out, *inner, inner_path);
    }
  }
}

}  // namespace

std::string write_json(const Value& value) {
  std::string out;
  json(out, value, 0);
  return out + '\n';
}

std::string write_json_compact(const Value& value) {
  std::string out;
  json(out, value, -1);
  return out;
}

std::string write_yaml(const Value& value) {
  std::string out;
  yaml(out, value, 0);
  return out.substr(1);
}

std::string write_toml(const Value& value) {
  std::string out;
  if (const auto* map = value.as<Map>()) toml(out, *map, "");
  return out.starts_with('\n') ? out.substr(1) : out;
}

}  // namespace whirl::config
