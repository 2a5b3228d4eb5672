#include <memory>

#include "app/cli/commands.h"
#include "config/load.h"
#include "config/text.h"
#include "config/validate.h"

namespace whirl::app::cli {
namespace {

struct Values {
  std::string base;
  bool changed_only = false;
};

int print_variables(const Values& values) {
  config::LoadOptions options;
  options.file = values.base;
  const auto loaded = config::load(options);
  if (!loaded) return report(loaded.error());
  if (const auto valid = config::validate(loaded->config); !valid) return report(valid.error());
  print(config::write_environment(loaded->config, values.changed_only));
  return 0;
}

}  // namespace

Command defaultenv_command() {
  return {"defaultenv", "Print all options as environment variables",
          [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<Values>();
            flags.text("-b,--base", values->base, "Configuration file to take values from");
            flags.on("--base-non-zero-only", values->changed_only, "Only what the base changes");
            return [values] { return print_variables(*values); };
          }};
}

}  // namespace whirl::app::cli
