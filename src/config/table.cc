#include "config/table.h"

#include <algorithm>
#include <cctype>

namespace whirl::config {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

const Option* Table::find(std::string_view name) const {
  for (const Option& option : options_) {
    if (same_word(option.name, name)) return &option;
  }
  return nullptr;
}

std::string type_name(const Option& option) {
  switch (option.kind) {
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return "int";
    case Kind::integer32:
      return "int32";
    case Kind::unsigned32:
      return "uint32";
    case Kind::text:
      return option.has(kPem) ? "PEMData" : "string";
    case Kind::duration:
      return "Duration";
    case Kind::text_list:
      return "[]string";
    case Kind::text_map:
      return "MapStringString";
    case Kind::object:
      return std::string(option.object()->name()) + " object";
    case Kind::object_list:
      return "[]" + std::string(option.object()->name()) + " object";
  }
  return {};
}

}  // namespace whirl::config
