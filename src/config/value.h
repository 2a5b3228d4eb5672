#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace whirl::config {

struct Value;
struct Entry;
using List = std::vector<Value>;
using Map = std::vector<Entry>;

/// What a configuration file says, whatever its format: null, truth, numbers, text, lists, and maps in the
/// file's order.
struct Value {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> data;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&data);
  }
  bool is_null() const { return std::holds_alternative<std::monostate>(data); }
};

struct Entry {
  std::string key;
  Value value;
};

/// For messages: `the text "many"`, `the number 5`, `a list`, `nothing`. The content of texts can be left
/// out.
std::string describe(const Value& value, bool with_content = true);

/// One way to write a configuration file.
struct Format {
  std::string_view name;
  std::vector<std::string_view> extensions;
  /// Fails with what is wrong and, if known, where.
  Result<Value> (*parse)(std::string_view text);
  /// The text of a file that parses back to the same.
  std::string (*write)(const Value& value);
};

/// JSON, YAML and TOML.
const std::vector<Format>& formats();

/// The format of a file by the end of its name, in any case; null if it is none of them.
const Format* format_of(std::string_view path);

Result<Value> parse_json(std::string_view text);
Result<Value> parse_yaml(std::string_view text);
Result<Value> parse_toml(std::string_view text);

/// TOML leaves out null, and so says nothing about it.
std::string write_json(const Value& value);
std::string write_json_compact(const Value& value);
std::string write_yaml(const Value& value);
std::string write_toml(const Value& value);

}  // namespace whirl::config
