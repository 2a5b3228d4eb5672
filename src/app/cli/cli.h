#pragma once
#include <vector>

#include "app/cli/command.h"

namespace whirl::app::cli {

/// All subcommands, in the order of the help. A new one is a file with its Command and a row here.
const std::vector<Command>& commands();

/// Runs what the command line asks for; without a subcommand that is the server. Returns the exit code: 0, or
/// 1 if what was asked for failed. A command line that is not understood is explained on standard error, with
/// 0 as well, which is what the commands have always done and scripts may rely on.
int run(int argc, char** argv);

/// The same with other commands: `standard` runs where no subcommand is named.
int run(int argc, const char* const* argv, const Command& standard, const std::vector<Command>& subcommands);

}  // namespace whirl::app::cli
