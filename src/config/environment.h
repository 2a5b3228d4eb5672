#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/assign.h"
#include "config/config.h"
#include "config/table.h"

namespace whirl::config {

/// The variables of this process.
Environment process_environment();

/// Adds the variables of a file with lines `NAME=value`; those that are set already stay. Values may be in
/// quotes, lines may start with `export`, and what follows `#` is a comment. `path` is for messages.
Result<> add_variables(Environment& env, std::string_view text, std::string_view path);

/// `CENTRIFUGO_CLIENT_TOKEN` for the option `token` of the object `CENTRIFUGO_CLIENT`.
std::string variable_name(std::string_view prefix, std::string_view option);

/// What the name of a list item looks like inside a variable: capital letters, `-` and `.` become `_`.
std::string variable_part(std::string_view item_name);

/// True for lists whose items have names, so that they can be set one by one: `…_NAMESPACES_<NAME>_…`.
bool has_named_items(const Option& option);

/// Sets options from variables that start with CENTRIFUGO_ or, taking precedence, WHIRL_. Empty ones count as
/// not set. Lists of objects take JSON, which replaces them; lists of named objects also take names, which
/// are added. Returns a warning for every variable with such a prefix that belongs to no option.
Result<std::vector<std::string>> apply_environment(Config& config, const Environment& env);

}  // namespace whirl::config
