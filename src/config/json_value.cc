#include <simdjson.h>

#include "config/value.h"

namespace whirl::config {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

Value convert(const element& from);

Value convert_list(const simdjson::dom::array& from) {
  List list;
  for (const element& item : from) list.push_back(convert(item));
  return {std::move(list)};
}

Value convert_map(const simdjson::dom::object& from) {
  Map map;
  for (const auto& field : from) map.push_back({std::string(field.key), convert(field.value)});
  return {std::move(map)};
}

Value convert(const element& from) {
  switch (from.type()) {
    case element_type::ARRAY:
      return convert_list(from.get_array().value_unsafe());
    case element_type::OBJECT:
      return convert_map(from.get_object().value_unsafe());
    case element_type::INT64:
      return {from.get_int64().value_unsafe()};
    case element_type::UINT64:
      return {static_cast<double>(from.get_uint64().value_unsafe())};
    case element_type::DOUBLE:
      return {from.get_double().value_unsafe()};
    case element_type::STRING:
      return {std::string(from.get_string().value_unsafe())};
    case element_type::BOOL:
      return {from.get_bool().value_unsafe()};
    case element_type::NULL_VALUE:
      break;
  }
  return {};
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(text.data(), text.size()).get(root)) {
    return fail("not valid JSON: {}", simdjson::error_message(error));
  }
  return convert(root);
}

}  // namespace whirl::config
