// whirl-load: plays one load scenario against a server and prints one JSON object with what it cost.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "load/options.h"

namespace {

using namespace whirl::bench;

/// The row of that name, or null.
template <class Rows>
auto find(Rows rows, std::string_view name) {
  auto at = std::find_if(rows.begin(), rows.end(), [name](const auto& row) { return name == row.name; });
  return at == rows.end() ? nullptr : &*at;
}

bool parse(int argc, char** argv, Settings& settings) {
  for (int i = 2; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (auto* on = find(switch_options(), name)) {
      on->value(settings) = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    if (auto* number = find(number_options(), name)) {
      number->value(settings) = std::atol(value);
    } else if (auto* text = find(text_options(), name)) {
      text->value(settings) = value;
    } else {
      return false;
    }
  }
  return true;
}

void print_usage() {
  std::fputs("usage: whirl-load SCENARIO [OPTIONS]\n\nscenarios:\n", stderr);
  for (const auto& row : scenarios()) std::fprintf(stderr, "  %-18s %s\n", row.name, row.what);
  std::fputs("\noptions:\n", stderr);
  auto list = [](auto rows) {
    for (const auto& row : rows) std::fprintf(stderr, "  %-18s %s\n", row.name, row.help);
  };
  list(number_options());
  list(text_options());
  list(switch_options());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  const Scenario* scenario = argc > 1 ? find_scenario(argv[1]) : nullptr;
  if (!scenario || !parse(argc, argv, settings)) {
    print_usage();
    return 2;
  }
  if (const std::string wrong = resolve(settings); !wrong.empty()) {
    std::fprintf(stderr, "whirl-load: %s\n", wrong.c_str());
    return 2;
  }
  return play(*scenario, settings);
}
