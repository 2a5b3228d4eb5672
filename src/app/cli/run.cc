#include "app/cli/cli.h"
#include "app/cli/commands.h"

namespace whirl::app::cli {

int run(int argc, char** argv) {
  return run(argc, argv, serve_command(), commands());
}

}  // namespace whirl::app::cli
