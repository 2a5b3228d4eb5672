#include "config/environment.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "config/apply.h"
#include "config/nearest.h"

namespace whirl::config {
namespace {

constexpr std::string_view kPrefixes[] = {"WHIRL", "CENTRIFUGO"};

/// A walk over all options with the variables that name them.
struct EnvironmentWalk {
  const Environment& env;
  std::set<std::string, std::less<>> known{};  ///< without the prefix
  std::vector<std::string> warnings{};

  /// The variable that sets an option, if one does.
  const Environment::value_type* find(const std::string& name) {
    known.insert(name);
    for (std::string_view prefix : kPrefixes) {
      const auto found = env.find(variable_name(prefix, name));
      if (found != env.end() && !found->second.empty()) return &*found;
    }
    return nullptr;
  }

  Result<> object(const Table& table, void* holder, const std::string& prefix);
  Result<> object_list(const Option& option, void* holder, const std::string& name);
  Result<> whole_list(const Option& option, void* holder, const Environment::value_type& variable);
};

Result<> EnvironmentWalk::object(const Table& table, void* holder, const std::string& prefix) {
  for (const Option& option : table.options()) {
    const std::string name = prefix.empty() ? variable_part(option.name) : variable_name(prefix, option.name);
    if (option.kind == Kind::object) {
      if (const auto done = object(*option.object(), option.in(holder), name); !done) return done;
      continue;
    }
    if (option.kind == Kind::object_list) {
      if (const auto done = object_list(option, holder, name); !done) return done;
      continue;
    }
    if (const auto* variable = find(name)) {
      const auto done = assign_text(option, holder, variable->second, env);
      if (!done) return fail("environment: {} {}", variable->first, done.error().message);
    }
  }
  return {};
}

const std::string& name_of(const Option& list, void* item) {
  return list.object()->find("name")->get<std::string>(item);
}

Result<> EnvironmentWalk::whole_list(const Option& option, void* holder,
                                     const Environment::value_type& variable) {
  const auto& [name, text] = variable;
  void* target = option.in(holder);
  if (!has_named_items(option) || text.starts_with('[')) {
    const auto parsed = parse_json(text);
    if (!parsed)
      return fail("environment: {} must be a list of objects in JSON: {}", name, parsed.error().message);
    Application application{"environment", env, {}};
    const auto* list = parsed->as<List>();
    if (!list) return fail("environment: {} must be a list of objects in JSON", name);
    option.list->clear(target);
    for (const Value& item : *list) {
      const auto* map = item.as<Map>();
      if (!map) return fail("environment: {} must be a list of objects, but has {}", name, describe(item));
      if (const auto done = application.apply(*option.object(), option.list->append(target), *map, name);
          !done)
        return done;
    }
    for (const UnknownKey& key : application.unknown) {
      warnings.push_back(fmt::format("environment: unknown option {}", key.path));
    }
    return {};
  }
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) {
      void* item = option.list->append(target);
      option.object()->find("name")->get<std::string>(item) = text.substr(start, end - start);
    }
    start = end + 1;
  }
  return {};
}

Result<> EnvironmentWalk::object_list(const Option& option, void* holder, const std::string& name) {
  if (const auto* variable = find(name)) {
    if (const auto done = whole_list(option, holder, *variable); !done) return done;
  }
  if (!has_named_items(option)) return {};
  void* target = option.in(holder);
  for (std::size_t i = 0; i < option.list->size(target); ++i) {
    void* item = option.list->at(target, i);
    const std::string item_prefix = variable_name(name, variable_part(name_of(option, item)));
    if (const auto done = object(*option.object(), item, item_prefix); !done) return done;
  }
  return {};
}

/// Kubernetes gives every container variables about services: PREFIX_SOMETHING_PORT… and
/// PREFIX_SOMETHING_SERVICE_….
bool made_by_kubernetes(std::string_view rest) {
  const std::string with_start = "_" + std::string(rest);
  return with_start.find("_PORT") != std::string::npos || with_start.find("_SERVICE_") != std::string::npos;
}

}  // namespace

Environment process_environment() {
  Environment env;
  for (char** variable = environ; variable && *variable; ++variable) {
    const std::string_view text = *variable;
    const std::size_t equals = text.find('=');
    if (equals != text.npos) env.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return env;
}

std::string variable_part(std::string_view item_name) {
  std::string out(item_name);
  for (char& c : out) {
    c = c == '-' || c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string variable_name(std::string_view prefix, std::string_view option) {
  return fmt::format("{}_{}", prefix, variable_part(option));
}

bool has_named_items(const Option& option) {
  return option.kind == Kind::object_list && option.object()->find("name") != nullptr;
}

Result<std::vector<std::string>> apply_environment(Config& config, const Environment& env) {
  EnvironmentWalk walk{env};
  if (const auto done = walk.object(Config::table(), &config, ""); !done) return tl::unexpected(done.error());
  std::vector<std::string> warnings = std::move(walk.warnings);
  const std::vector<std::string_view> names(walk.known.begin(), walk.known.end());
  for (const auto& [variable, text] : env) {
    for (std::string_view prefix : kPrefixes) {
      if (!variable.starts_with(std::string(prefix) + "_")) continue;
      const std::string_view rest = std::string_view(variable).substr(prefix.size() + 1);
      if (rest.starts_with("VAR_") || walk.known.contains(rest) || made_by_kubernetes(rest)) continue;
      const std::string_view close = nearest(rest, names);
      warnings.push_back(close.empty() ? fmt::format("unknown environment variable {}", variable)
                                       : fmt::format("unknown environment variable {}; did you mean {}_{}?",
                                                     variable, prefix, close));
    }
  }
  return warnings;
}

}  // namespace whirl::config
