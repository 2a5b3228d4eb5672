#include "app/cli/cli.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace whirl::app::cli {

void Flags::text(const std::string& names, std::string& value, const std::string& help) {
  CLI::Option* option = parser_.add_option(names, value, help);
  if (!value.empty()) option->capture_default_str();
}

void Flags::number(const std::string& names, std::int64_t& value, const std::string& help) {
  parser_.add_option(names, value, help)->capture_default_str();
}

void Flags::list(const std::string& names, std::vector<std::string>& values, const std::string& help) {
  parser_.add_option(names, values, help);
}

void Flags::on(const std::string& names, bool& value, const std::string& help) {
  parser_.add_flag(names, value, help);
}

void Flags::truth(const std::string& names, std::string& value, const std::string& help) {
  parser_.add_flag(names, value, help);
}

void Flags::config(std::string& path, const std::string& help) {
  path = "config.json";
  text("-c,--config", path, help);
}

int run(int argc, const char* const* argv, const Command& standard, const std::vector<Command>& subcommands) {
  CLI::App parser("Whirl: a real-time messaging server", "whirl");
  parser.require_subcommand(0, 1);
  Flags standard_flags(parser);
  const std::function<int()> action = standard.define(standard_flags);
  std::vector<std::pair<CLI::App*, std::function<int()>>> actions;
  for (const Command& command : subcommands) {
    CLI::App* sub = parser.add_subcommand(std::string(command.name), std::string(command.help));
    Flags flags(*sub);
    actions.emplace_back(sub, command.define(flags));
  }
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    parser.exit(error);
    return 0;
  }
  for (const auto& [sub, sub_action] : actions) {
    if (sub->parsed()) return sub_action();
  }
  return action();
}

}  // namespace whirl::app::cli
