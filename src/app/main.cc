#include "app/cli/cli.h"

int main(int argc, char** argv) {
  return whirl::app::cli::run(argc, argv);
}
