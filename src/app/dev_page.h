#pragma once
#include <string_view>

namespace whirl::app {

/// The HTML page that `whirl dev` serves at "/": web/dev/index.html, put into the program when it is built.
std::string_view dev_page();

}  // namespace whirl::app
