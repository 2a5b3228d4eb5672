#include "config/load.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace whirl::config {
namespace {

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("{}: cannot be read: {}", path, std::strerror(errno));
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return fail("{}: cannot be read", path);
  return text;
}

std::string extensions() {
  std::string out;
  for (const Format& format : formats()) {
    for (std::string_view extension : format.extensions)
      out += (out.empty() ? "" : ", ") + std::string(extension);
  }
  return out;
}

Result<> load_file(Loaded& loaded, const LoadOptions& options) {
  std::error_code error;
  if (options.file.empty()) return {};
  if (!std::filesystem::exists(options.file, error)) {
    loaded.warnings.push_back(fmt::format("{}: there is no such file; going on without it", options.file));
    return {};
  }
  const Format* format = format_of(options.file);
  if (!format)
    return fail("{}: the name of a configuration file must end with one of {}", options.file, extensions());
  const auto text = read_file(options.file);
  if (!text) return tl::unexpected(text.error());
  const auto tree = format->parse(*text);
  if (!tree) return fail("{}: {}", options.file, tree.error().message);
  const auto* map = tree->as<Map>();
  if (!map && !tree->is_null())
    return fail("{}: must be an object, but it is {}", options.file, describe(*tree));
  Application application{options.file, options.env, {}};
  if (map) {
    if (const auto done = application.apply(Config::table(), &loaded.config, *map, ""); !done) return done;
  }
  for (const UnknownKey& key : application.unknown) {
    loaded.warnings.push_back(
        key.suggestion.empty()
            ? fmt::format("{}: unknown option {}", options.file, key.path)
            : fmt::format("{}: unknown option {}; did you mean {}?", options.file, key.path, key.suggestion));
  }
  loaded.unknown_keys = std::move(application.unknown);
  loaded.file = std::filesystem::absolute(options.file, error).string();
  return {};
}

}  // namespace

Result<> set_option(Config& config, std::string_view path, std::string_view text, const Environment& env,
                    std::string_view source) {
  const Table* table = &Config::table();
  void* holder = &config;
  std::string_view rest = path;
  while (true) {
    const std::string_view name = rest.substr(0, rest.find('.'));
    const Option* option = table->find(name);
    if (!option) return fail("{}: there is no option {}", source, path);
    if (name.size() == rest.size()) {
      const auto done = assign_text(*option, holder, text, env);
      return done ? done : fail("{}: {} {}", source, path, done.error().message);
    }
    if (option->kind != Kind::object) return fail("{}: there is no option {}", source, path);
    holder = option->in(holder);
    table = option->object();
    rest.remove_prefix(name.size() + 1);
  }
}

Result<Loaded> load(const LoadOptions& options) {
  Loaded loaded;
  if (const auto done = load_file(loaded, options); !done) return tl::unexpected(done.error());
  auto warnings = apply_environment(loaded.config, options.env);
  if (!warnings) return tl::unexpected(warnings.error());
  loaded.warnings.insert(loaded.warnings.end(), warnings->begin(), warnings->end());
  for (const auto& [path, text] : options.flags) {
    const auto done = set_option(loaded.config, path, text, options.env, "command line");
    if (!done) return tl::unexpected(done.error());
  }
  return loaded;
}

}  // namespace whirl::config
