#include "app/cli/commands.h"

#include "app/cli/cli.h"

namespace whirl::app::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      dev_command(),           version_command(),     checkconfig_command(), genconfig_command(),
      gentoken_command(),      gensubtoken_command(), checktoken_command(),  checksubtoken_command(),
      defaultconfig_command(), defaultenv_command(),  configdoc_command(),   bench_command(),
  };
  return all;
}

}  // namespace whirl::app::cli
