#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
}

namespace whirl::app::cli {

/// The flags of a command while it is defined. Names are written "-c,--config", or "token" for what stands
/// without a dash. The variables are set when the command line is parsed and must live until then; their
/// values before are the defaults.
class Flags {
 public:
  explicit Flags(CLI::App& parser) : parser_(parser) {}

  void text(const std::string& names, std::string& value, const std::string& help);
  void number(const std::string& names, std::int64_t& value, const std::string& help);
  void list(const std::string& names, std::vector<std::string>& values, const std::string& help);
  /// A flag that is on where it is given.
  void on(const std::string& names, bool& value, const std::string& help);
  /// A flag that may also be given as `--flag=false`: the text is "true" or what was given, and empty if
  /// nothing was.
  void truth(const std::string& names, std::string& value, const std::string& help);
  /// `-c`, `--config` with the usual default.
  void config(std::string& path, const std::string& help);

 private:
  CLI::App& parser_;
};

/// A subcommand. `define` adds its flags and returns what runs after they were parsed; that returns the exit
/// code.
struct Command {
  std::string_view name;
  std::string_view help;
  std::function<int()> (*define)(Flags& flags);
};

/// Prints to standard output.
void print(std::string_view text);

/// Explains a failure on standard error and returns the exit code for it.
int report(const Error& error);

}  // namespace whirl::app::cli
