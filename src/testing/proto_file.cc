#include "testing/proto_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <regex>

namespace whirl::testing {
namespace {

std::string scalar_name(codec::Kind kind) {
  using codec::Kind;
  switch (kind) {
    case Kind::boolean:
      return "bool";
    case Kind::uint32:
      return "uint32";
    case Kind::int32:
      return "int32";
    case Kind::uint64:
      return "uint64";
    case Kind::int64:
      return "int64";
    case Kind::sint64:
      return "sint64";
    case Kind::real:
      return "double";
    case Kind::text:
      return "string";
    case Kind::raw:
      return "bytes";
    default:
      return "?";
  }
}

std::string type_name(const codec::FieldInfo& field,
                      const std::map<std::string, const codec::Table*>& names) {
  auto message_name = [&]() -> std::string {
    for (const auto& [name, table] : names) {
      if (table == &field.sub()) return name;
    }
    return "?";
  };
  using codec::Kind;
  if (field.kind == Kind::message) return message_name();
  if (field.kind != Kind::list && field.kind != Kind::map) return scalar_name(field.kind);
  std::string item = field.element == Kind::message ? message_name() : scalar_name(field.element);
  return field.kind == Kind::list ? "repeated " + item : fmt::format("map<string,{}>", item);
}

}  // namespace

std::map<std::string, Fields> read_proto_file(const std::string& path) {
  static const std::regex kMessage(R"(message (\w+) \{(\})?)");
  static const std::regex kField(R"(\s+((?:repeated )?[\w<>, ]+) (\w+) = (\d+);)");
  std::map<std::string, Fields> messages;
  std::ifstream file(path);
  Fields* current = nullptr;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kMessage)) {
      current = &messages[match[1]];
    } else if (current && std::regex_match(line, match, kField)) {
      std::string type = match[1];
      std::erase_if(type, [&](char c) { return c == ' ' && type.starts_with("map"); });
      current->push_back(fmt::format("{} {} {}", match[3].str(), type, match[2].str()));
    }
  }
  for (auto& [name, fields] : messages) std::sort(fields.begin(), fields.end());
  return messages;
}

std::map<std::string, Fields> describe_tables(const std::map<std::string, const codec::Table*>& names) {
  std::map<std::string, Fields> messages;
  for (const auto& [name, table] : names) {
    Fields& fields = messages[name];
    for (const codec::FieldInfo& field : table->fields) {
      fields.push_back(fmt::format("{} {} {}", field.number, type_name(field, names), field.name));
    }
    std::sort(fields.begin(), fields.end());
  }
  return messages;
}

}  // namespace whirl::testing
