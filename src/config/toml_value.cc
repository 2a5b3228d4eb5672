#include <toml++/toml.h>
#include <sstream>

#include "config/value.h"

namespace whirl::config {
namespace {

Value convert(const toml::node& from) {
  if (const auto* table = from.as_table()) {
    Map map;
    for (const auto& [key, value] : *table) map.push_back({std::string(key.str()), convert(value)});
    return {std::move(map)};
  }
  if (const auto* array = from.as_array()) {
    List list;
    for (const auto& item : *array) list.push_back(convert(item));
    return {std::move(list)};
  }
  if (const auto* text = from.as_string()) return {text->get()};
  if (const auto* number = from.as_integer()) return {std::int64_t{number->get()}};
  if (const auto* number = from.as_floating_point()) return {number->get()};
  if (const auto* truth = from.as_boolean()) return {truth->get()};
  // Dates and times: no option takes them, so their text is only for the message.
  std::ostringstream out;
  from.visit([&out](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) out << value.get();
  });
  return {out.str()};
}

}  // namespace

Result<Value> parse_toml(std::string_view text) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const auto& place = error.source().begin;
    return fail("not valid TOML in line {}, column {}: {}", place.line, place.column, error.description());
  }
}

}  // namespace whirl::config
