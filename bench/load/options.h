#pragma once
#include <span>
#include <string>

#include "load/scenarios.h"

namespace whirl::bench {

/// The command-line options of scenarios, each a row: its name with dashes, where its value goes and a line
/// of help. `whirl-load` and `whirl bench` read the same rows.
struct NumberOption {
  const char* name;
  long& (*value)(Settings&);
  const char* help;
};
struct TextOption {
  const char* name;
  std::string& (*value)(Settings&);
  const char* help;
};
struct SwitchOption {
  const char* name;
  bool& (*value)(Settings&);
  const char* help;
};

std::span<const NumberOption> number_options();
std::span<const TextOption> text_options();
std::span<const SwitchOption> switch_options();

/// Completes the target by what --url says. The text of what is wrong, empty if nothing is.
std::string resolve(Settings& settings);

/// Plays the scenario and prints its report as one JSON object; returns the exit code.
int play(const Scenario& scenario, const Settings& settings);

}  // namespace whirl::bench
