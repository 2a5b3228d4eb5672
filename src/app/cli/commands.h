#pragma once
#include "app/cli/command.h"

namespace whirl::app::cli {

// One function for each file of this folder that is a command.
Command serve_command();
Command dev_command();
Command version_command();
Command checkconfig_command();
Command genconfig_command();
Command gentoken_command();
Command gensubtoken_command();
Command checktoken_command();
Command checksubtoken_command();
Command defaultconfig_command();
Command defaultenv_command();
Command configdoc_command();
Command bench_command();

}  // namespace whirl::app::cli
