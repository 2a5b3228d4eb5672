#pragma once
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/table.h"
#include "config/value.h"

namespace whirl::config {

/// The value of an option that holds no objects, as one would write it in a variable: `25s`, `a b`,
/// `{"k":"v"}`. Secrets become `***`, and so do passwords in URLs.
std::string text_of(const Option& option, const void* holder);

/// The value of an option as a tree.
Value to_value(const Option& option, const void* holder);

/// An object as a tree for a file, with all its options but hidden ones. Secrets are there: it is meant to be
/// loaded.
Value to_value(const Table& table, const void* holder);

/// One `CENTRIFUGO_…=value` a line, sorted by name, for all options of the config, with those of its
/// namespaces, proxies and consumers. `changed_only` leaves out options that have their defaults.
std::string write_environment(const Config& config, bool changed_only);

}  // namespace whirl::config
