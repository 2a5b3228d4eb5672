#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/assign.h"
#include "config/table.h"
#include "config/value.h"

namespace whirl::config {

/// A key of a file that no option has. `suggestion` is an option of the same object with nearly that name, or
/// empty.
struct UnknownKey {
  std::string path;
  std::string suggestion;
};

/// What comes with applying a tree: the source's name for messages, variables for maps, and what was not
/// known.
struct Application {
  std::string source;
  const Environment& env;
  std::vector<UnknownKey> unknown;

  /// Sets the options of the object at `holder` that the map names. `path` leads to the object and is empty
  /// for the root. A key with dots stands for nested objects. Lists of objects are replaced as a whole.
  Result<> apply(const Table& table, void* holder, const Map& map, const std::string& path);

 private:
  Result<> apply_entry(const Table& table, void* holder, const Entry& entry, const std::string& path);
  Result<> apply_value(const Option& option, void* holder, const Value& value, const std::string& path);
  Result<> apply_list(const Option& option, void* holder, const List& list, const std::string& path);
};

/// "a.b" from "a" and "b"; "b" if the path is empty.
std::string join_path(std::string_view path, std::string_view name);

}  // namespace whirl::config
