#include "config/apply.h"

#include "config/nearest.h"

namespace whirl::config {

std::string join_path(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

Result<> Application::apply(const Table& table, void* holder, const Map& map, const std::string& path) {
  for (const Entry& entry : map) {
    if (const auto done = apply_entry(table, holder, entry, path); !done) return done;
  }
  return {};
}

Result<> Application::apply_entry(const Table& table, void* holder, const Entry& entry,
                                  const std::string& path) {
  if (const Option* option = table.find(entry.key)) {
    return apply_value(*option, holder, entry.value, join_path(path, option->name));
  }
  if (const std::size_t dot = entry.key.find('.'); dot != std::string::npos) {
    const Option* option = table.find(entry.key.substr(0, dot));
    if (option && option->kind == Kind::object) {
      const Map rest = {{entry.key.substr(dot + 1), entry.value}};
      return apply(*option->object(), option->in(holder), rest, join_path(path, option->name));
    }
  }
  std::vector<std::string_view> names;
  for (const Option& option : table.options()) {
    if (!option.has(kHidden)) names.push_back(option.name);
  }
  unknown.push_back({join_path(path, entry.key), std::string(nearest(entry.key, names))});
  return {};
}

Result<> Application::apply_value(const Option& option, void* holder, const Value& value,
                                  const std::string& path) {
  if (value.is_null()) return {};
  if (option.kind == Kind::object) {
    if (const auto* map = value.as<Map>()) return apply(*option.object(), option.in(holder), *map, path);
    return fail("{}: {} must be an object, but it is {}", source, path, describe(value));
  }
  if (option.kind == Kind::object_list) {
    if (const auto* list = value.as<List>()) return apply_list(option, holder, *list, path);
    return fail("{}: {} must be a list of objects, but it is {}", source, path, describe(value));
  }
  if (const auto done = assign(option, holder, value, env); !done) {
    return fail("{}: {} {}", source, path, done.error().message);
  }
  return {};
}

Result<> Application::apply_list(const Option& option, void* holder, const List& list,
                                 const std::string& path) {
  void* target = option.in(holder);
  option.list->clear(target);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string item_path = fmt::format("{}[{}]", path, i);
    const auto* map = list[i].as<Map>();
    if (!map) return fail("{}: {} must be an object, but it is {}", source, item_path, describe(list[i]));
    if (const auto done = apply(*option.object(), option.list->append(target), *map, item_path); !done)
      return done;
  }
  return {};
}

}  // namespace whirl::config
