#include <algorithm>

#include "base/json_text.h"
#include "config/environment.h"
#include "config/text.h"

namespace whirl::config {
namespace {

/// Text in quotes with the quotes inside escaped, as shells and env files read it.
std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string list_text(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& text : list) out += (out.empty() ? "" : " ") + in_quotes(text);
  return out.empty() ? "\"\"" : out;
}

std::string variable_text(const Option& option, const void* holder) {
  if (option.kind == Kind::text_list) return list_text(option.get<std::vector<std::string>>(holder));
  if (option.kind == Kind::text) return in_quotes(option.get<std::string>(holder));
  if (option.kind == Kind::duration) return option.get<Duration>(holder).text();
  const std::string json = write_json_compact(to_value(option, holder));
  return option.kind == Kind::text_map || option.kind == Kind::object_list ? in_quotes(json) : json;
}

struct EnvironmentWriter {
  bool changed_only;
  std::vector<std::string> lines;

  void object(const Table& table, const void* holder, const std::string& prefix);
  void object_list(const Option& option, const void* holder, const std::string& name);
};

void EnvironmentWriter::object_list(const Option& option, const void* holder, const std::string& name) {
  void* list = const_cast<void*>(option.in(holder));
  std::string names;
  for (std::size_t i = 0; i < option.list->size(list); ++i) {
    void* item = option.list->at(list, i);
    const auto& item_name = option.object()->find("name")->get<std::string>(item);
    names += (i > 0 ? " " : "") + item_name;
    object(*option.object(), item, variable_name(name, item_name));
  }
  lines.push_back(fmt::format("{}={}", name, in_quotes(names)));
}

void EnvironmentWriter::object(const Table& table, const void* holder, const std::string& prefix) {
  for (const Option& option : table.options()) {
    if (!changed_only && option.has(kOwn)) continue;
    const std::string name = variable_name(prefix, option.name);
    if (option.kind == Kind::object) {
      object(*option.object(), option.in(holder), name);
    } else if (changed_only && variable_text(option, holder) == variable_text(option, table.defaults())) {
      continue;
    } else if (has_named_items(option)) {
      object_list(option, holder, name);
    } else {
      lines.push_back(fmt::format("{}={}", name, variable_text(option, holder)));
    }
  }
}

}  // namespace

std::string write_environment(const Config& config, bool changed_only) {
  EnvironmentWriter writer{changed_only, {}};
  writer.object(Config::table(), &config, "CENTRIFUGO");
  // By name: "=" sorts before letters but after some of the characters of names.
  std::ranges::sort(writer.lines, {}, [](const std::string& line) { return line.substr(0, line.find('=')); });
  std::string out;
  for (const std::string& line : writer.lines) out += line + '\n';
  return out;
}

}  // namespace whirl::config
