#include "app/cli/command.h"

#include <cstdio>

namespace whirl::app::cli {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  // A pipe's reader should not have to wait until the program ends.
  std::fflush(stdout);
}

int report(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  return 1;
}

}  // namespace whirl::app::cli
