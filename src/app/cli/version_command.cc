#include <fmt/format.h>

#include "app/cli/commands.h"
#include "base/version.h"

namespace whirl::app::cli {

Command version_command() {
  return {"version", "Print the version", [](Flags&) -> std::function<int()> {
            return [] {
              print(fmt::format("Whirl v{}\n", kVersion));
              return 0;
            };
          }};
}

}  // namespace whirl::app::cli
