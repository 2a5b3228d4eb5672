#include <memory>

#include "app/cli/commands.h"
#include "app/cli/write_file.h"
#include "config/load.h"
#include "config/text.h"
#include "config/validate.h"

namespace whirl::app::cli {
namespace {

struct Values {
  std::string file;
  std::string base;
  bool dry_run = false;
};

int write_defaults(const Values& values) {
  config::LoadOptions options;
  options.file = values.base;
  const auto loaded = config::load(options);
  if (!loaded) return report(loaded.error());
  if (const auto valid = config::validate(loaded->config); !valid) return report(valid.error());
  const auto text = write_for(values.file, config::to_value(config::Config::table(), &loaded->config));
  if (!text) return report(text.error());
  if (values.dry_run) {
    print(*text);
    return 0;
  }
  const auto created = create_file(values.file, *text);
  return created ? 0 : report(created.error());
}

}  // namespace

Command defaultconfig_command() {
  return {"defaultconfig", "Write a configuration file with all options",
          [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<Values>();
            flags.config(values->file, "File to write");
            flags.text("-b,--base", values->base, "Configuration file to take values from");
            flags.on("-d,--dry-run", values->dry_run, "Print instead of writing");
            return [values] { return write_defaults(*values); };
          }};
}

}  // namespace whirl::app::cli
