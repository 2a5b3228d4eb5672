#pragma once

namespace whirl::config {

/// The list of options of one object type; see config/table.h.
class Table;

}  // namespace whirl::config
