#pragma once
#include <string>
#include <string_view>

namespace whirl::http {

/// Appends `text` with its %XX escapes decoded; `plus_is_space` as forms and queries have it. False on a
/// broken escape (what was decoded until there stays in `out`).
bool percent_decode(std::string_view text, bool plus_is_space, std::string& out);

/// The first value of a parameter in a query or in a form body, decoded; empty if there is none. Parameters
/// with broken escapes or with a semicolon are skipped, as Go does.
std::string query_value(std::string_view query, std::string_view name);

}  // namespace whirl::http
