#pragma once
#include <string_view>

namespace whirl::admin {

/// The HTML page of the admin interface: web/admin/index.html, put into the program when it is built.
std::string_view page();

}  // namespace whirl::admin
