#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/table.h"
#include "config/value.h"

namespace whirl::config {

/// Environment variables by name.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Sets an option that is not an object to what a file says. A value that is zero, empty or null leaves the
/// default, as files have always been read. Numbers, texts and truth values convert into each other where
/// nothing is lost. The error goes on from the option's name: `must be a whole number, but it is the text
/// "many"`. `env` is for ${CENTRIFUGO_VAR_…} and ${WHIRL_VAR_…} in maps.
Result<> assign(const Option& option, void* holder, const Value& value, const Environment& env);

/// The same from the text of an environment variable or flag: lists are separated by spaces, maps are JSON.
/// What the text says is set, also if it is zero.
Result<> assign_text(const Option& option, void* holder, std::string_view text, const Environment& env);

/// True if a value is the zero of its kind: false, 0, empty.
bool is_zero(const Option& option, const void* holder);

}  // namespace whirl::config
