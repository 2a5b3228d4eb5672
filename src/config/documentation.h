#pragma once
#include <string>
#include <string_view>

namespace whirl::config {

/// All options with type, default and meaning as Markdown: a table for each section of the root, then one for
/// each kind of object that is used in several places. `section` limits it to the sections whose name starts
/// with it, and what they use; empty means all, with an introduction. Headings are `level` deeper than usual,
/// and six at most.
std::string write_markdown(std::string_view section = "", int level = 0);

/// The same as one HTML page.
std::string write_html(std::string_view section = "");

}  // namespace whirl::config
