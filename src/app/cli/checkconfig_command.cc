#include <cstdio>
#include <memory>

#include "app/cli/commands.h"
#include "app/engine.h"
#include "config/load.h"
#include "config/validate.h"

namespace whirl::app::cli {
namespace {

struct Values {
  std::string file;
  bool strict = false;
};

int check(const Values& values) {
  config::LoadOptions options;
  options.file = values.file;
  const auto loaded = config::load(options);
  if (!loaded) return report(loaded.error());
  if (loaded->file.empty()) return report({values.file + ": there is no such file"});
  if (const auto valid = config::validate(loaded->config); !valid) return report(valid.error());
  if (const auto engine = check_engine(loaded->config); !engine) return report(engine.error());
  for (const std::string& warning : loaded->warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  if (!values.strict || loaded->unknown_keys.empty()) return 0;
  std::string keys;
  for (const auto& key : loaded->unknown_keys) keys += (keys.empty() ? "" : ", ") + key.path;
  print("unknown keys: " + keys + "\n");
  return 1;
}

}  // namespace

Command checkconfig_command() {
  return {"checkconfig", "Check a configuration file", [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<Values>();
            flags.config(values->file, "Configuration file to check");
            flags.on("-s,--strict", values->strict, "Fail on unknown keys too");
            return [values] { return check(*values); };
          }};
}

}  // namespace whirl::app::cli
