#include "config/text.h"

#include <algorithm>

#include "config/assign.h"

namespace whirl::config {
namespace {

constexpr std::string_view kMask = "***";

/// Hides the password of `scheme://user:password@host`.
std::string without_password(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t start = scheme == url.npos ? 0 : scheme + 3;
  const std::size_t end = url.rfind('@');
  if (end == url.npos || end < start) return std::string(url);
  const std::size_t colon = url.find(':', start);
  if (colon == url.npos || colon > end) return std::string(url);
  return fmt::format("{}:{}{}", url.substr(0, colon), kMask, url.substr(end));
}

Value text_map_value(const std::map<std::string, std::string>& from) {
  Map map;
  for (const auto& [key, text] : from) map.push_back({key, {text}});
  return {std::move(map)};
}

Value text_list_value(const std::vector<std::string>& from) {
  List list;
  for (const std::string& text : from) list.push_back({text});
  if (list.empty()) return {};
  return {std::move(list)};
}

Value list_value(const Option& option, const void* holder) {
  void* items = const_cast<void*>(option.in(holder));
  List list;
  for (std::size_t i = 0; i < option.list->size(items); ++i) {
    list.push_back(to_value(*option.object(), option.list->at(items, i)));
  }
  return {std::move(list)};
}

std::string plain_text(const Value& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  if (const auto* list = value.as<List>()) {
    std::string out;
    for (const Value& item : *list) out += (out.empty() ? "" : " ") + plain_text(item);
    return out;
  }
  return value.is_null() ? "" : write_json_compact(value);
}

}  // namespace

Value to_value(const Option& option, const void* holder) {
  switch (option.kind) {
    case Kind::boolean:
      return {option.get<bool>(holder)};
    case Kind::integer:
      return {option.get<std::int64_t>(holder)};
    case Kind::integer32:
      return {std::int64_t{option.get<std::int32_t>(holder)}};
    case Kind::unsigned32:
      return {std::int64_t{option.get<std::uint32_t>(holder)}};
    case Kind::text:
      return {option.get<std::string>(holder)};
    case Kind::duration:
      return {option.get<Duration>(holder).text()};
    case Kind::text_list:
      return text_list_value(option.get<std::vector<std::string>>(holder));
    case Kind::text_map:
      return text_map_value(option.get<std::map<std::string, std::string>>(holder));
    case Kind::object:
      return to_value(*option.object(), option.in(holder));
    case Kind::object_list:
      return list_value(option, holder);
  }
  return {};
}

std::string text_of(const Option& option, const void* holder) {
  if (option.has(kSecret)) return is_zero(option, holder) ? "" : std::string(kMask);
  const std::string text = plain_text(to_value(option, holder));
  return option.has(kUrl) ? without_password(text) : text;
}

Value to_value(const Table& table, const void* holder) {
  Map map;
  for (const Option& option : table.options()) {
    if (!option.has(kHidden) && !option.has(kOwn))
      map.push_back({std::string(option.name), to_value(option, holder)});
  }
  return {std::move(map)};
}

}  // namespace whirl::config
