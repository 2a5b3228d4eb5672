#include <cstdio>
#include <memory>

#include "app/cli/commands.h"
#include "load/options.h"

namespace whirl::app::cli {
namespace {

struct Values {
  std::string scenario;
  bench::Settings settings;
};

std::string scenario_help() {
  std::string help = "What to play:";
  for (const auto& row : bench::scenarios()) help += fmt::format("\n  {:<10} {}", row.name, row.what);
  return help;
}

int run(Values& values) {
  const bench::Scenario* scenario = bench::find_scenario(values.scenario);
  if (!scenario)
    return report(Error{fmt::format("there is no scenario \"{}\"; see --help", values.scenario)});
  if (std::string wrong = bench::resolve(values.settings); !wrong.empty()) return report(Error{wrong});
  return bench::play(*scenario, values.settings);
}

}  // namespace

Command bench_command() {
  return {"bench", "Play a load scenario against a server and print what it cost",
          [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<Values>();
            flags.text("scenario", values->scenario, scenario_help());
            for (const auto& row : bench::number_options())
              flags.number(row.name, row.value(values->settings), row.help);
            for (const auto& row : bench::text_options())
              flags.text(row.name, row.value(values->settings), row.help);
            for (const auto& row : bench::switch_options())
              flags.on(row.name, row.value(values->settings), row.help);
            return [values] { return run(*values); };
          }};
}

}  // namespace whirl::app::cli
