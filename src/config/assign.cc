#include "config/assign.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace whirl::config {
namespace {

/// What an option takes, for messages.
std::string_view allowed(const Option& option) {
  switch (option.kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "a whole number";
    case Kind::integer32:
      return "a whole number from -2147483648 to 2147483647";
    case Kind::unsigned32:
      return "a whole number from 0 to 4294967295";
    case Kind::text:
      return "a text";
    case Kind::duration:
      return "a duration such as \"300ms\", \"25s\" or \"1h30m\"";
    case Kind::text_list:
      return "a list of texts";
    case Kind::text_map:
      return "an object of texts, or a list of objects with \"key\" and \"value\"";
    case Kind::object:
      return "an object";
    case Kind::object_list:
      return "a list of objects";
  }
  return "";
}

auto wrong(const Option& option, const Value& value) {
  return fail("must be {}, but it is {}", allowed(option), describe(value, !option.has(kSecret)));
}

std::optional<bool> truth_of(std::string_view text) {
  static constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
  static constexpr std::string_view kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};
  if (std::ranges::find(kTrue, text) != std::end(kTrue)) return true;
  if (std::ranges::find(kFalse, text) != std::end(kFalse)) return false;
  return std::nullopt;
}

/// Decimal, or with 0x, 0o, 0b or a leading 0 for octal.
std::optional<std::int64_t> number_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char mark = text[1];
    base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
    text.remove_prefix(mark >= '0' && mark <= '9' ? 1 : 2);
  }
  const std::string digits = (negative ? "-" : "") + std::string(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<bool> to_truth(const Value& value) {
  if (const auto* truth = value.as<bool>()) return *truth;
  if (const auto* number = value.as<std::int64_t>()) return *number != 0;
  if (const auto* text = value.as<std::string>()) return text->empty() ? false : truth_of(*text);
  return std::nullopt;
}

std::optional<std::int64_t> to_number(const Value& value) {
  if (const auto* number = value.as<std::int64_t>()) return *number;
  if (const auto* truth = value.as<bool>()) return *truth ? 1 : 0;
  if (const auto* text = value.as<std::string>()) return text->empty() ? 0 : number_of(*text);
  if (const auto* real = value.as<double>()) {
    if (*real == std::floor(*real) && std::abs(*real) < 9e18) return static_cast<std::int64_t>(*real);
  }
  return std::nullopt;
}

std::optional<std::string> to_text(const Value& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  if (const auto* number = value.as<std::int64_t>()) return std::to_string(*number);
  if (const auto* real = value.as<double>()) return fmt::format("{}", *real);
  if (const auto* truth = value.as<bool>()) return *truth ? "1" : "0";
  return std::nullopt;
}

Result<Duration> to_duration(const Option& option, const Value& value) {
  if (const auto* text = value.as<std::string>()) {
    if (const auto duration = Duration::parse(*text)) return *duration;
    return wrong(option, value);
  }
  const auto number = value.as<bool>() ? std::nullopt : to_number(value);
  if (!number) return wrong(option, value);
  // Plain numbers are nanoseconds. Nobody means so few of them; they mean seconds.
  if (*number != 0 && std::abs(*number) < 1'000'000) {
    return fail("must be {}; {} without a unit would be nanoseconds", allowed(option), *number);
  }
  return Duration{*number};
}

/// Puts the values of variables where ${CENTRIFUGO_VAR_NAME} or ${WHIRL_VAR_NAME} stands.
Result<std::string> expand(std::string_view text, const Environment& env) {
  std::string out;
  while (true) {
    const std::size_t start = text.find("${");
    const std::size_t end = start == text.npos ? start : text.find('}', start);
    if (end == text.npos) return out + std::string(text);
    const std::string_view name = text.substr(start + 2, end - start - 2);
    out += text.substr(0, start);
    if (name.starts_with("CENTRIFUGO_VAR_") || name.starts_with("WHIRL_VAR_")) {
      const auto found = env.find(name);
      if (found == env.end()) return fail("uses the environment variable {}, which is not set", name);
      out += found->second;
    } else {
      out += text.substr(start, end + 1 - start);
    }
    text.remove_prefix(end + 1);
  }
}

using TextMap = std::map<std::string, std::string>;

Result<> add_pair(const Option& option, TextMap& into, const std::string& key, const Value& value,
                  const Environment& env) {
  const auto* text = value.as<std::string>();
  if (!text)
    return fail("must have texts as values, but \"{}\" is {}", key, describe(value, !option.has(kSecret)));
  auto expanded = expand(*text, env);
  if (!expanded) return tl::unexpected(expanded.error());
  if (!into.emplace(key, std::move(*expanded)).second) return fail("has the key \"{}\" twice", key);
  return {};
}

const Value* entry_of(const Map& map, std::string_view key) {
  const auto found = std::ranges::find(map, key, &Entry::key);
  return found == map.end() ? nullptr : &found->value;
}

Result<TextMap> to_text_map(const Option& option, const Value& value, const Environment& env) {
  TextMap out;
  Result<> done;
  if (const auto* map = value.as<Map>()) {
    for (const Entry& entry : *map) {
      if (done = add_pair(option, out, entry.key, entry.value, env); !done) break;
    }
  } else if (const auto* list = value.as<List>()) {
    for (const Value& item : *list) {
      const auto* pair = item.as<Map>();
      const Value* key = pair ? entry_of(*pair, "key") : nullptr;
      const Value* text = pair ? entry_of(*pair, "value") : nullptr;
      if (!key || !text || !key->as<std::string>()) return wrong(option, value);
      if (done = add_pair(option, out, *key->as<std::string>(), *text, env); !done) break;
    }
  } else {
    return wrong(option, value);
  }
  if (!done) return tl::unexpected(done.error());
  return out;
}

std::optional<std::vector<std::string>> to_text_list(const Value& value) {
  std::vector<std::string> out;
  const auto* list = value.as<List>();
  if (!list) {
    auto text = to_text(value);
    if (!text) return std::nullopt;
    if (!text->empty()) out.push_back(std::move(*text));
    return out;
  }
  for (const Value& item : *list) {
    auto text = to_text(item);
    if (!text) return std::nullopt;
    out.push_back(std::move(*text));
  }
  return out;
}

template <class Int>
bool fits(std::int64_t number) {
  return number >= std::numeric_limits<Int>::min() && number <= std::numeric_limits<Int>::max();
}

/// Sets what a value says, also if it is zero.
Result<> set(const Option& option, void* holder, const Value& value, const Environment& env) {
  const auto put = [&](auto converted) -> Result<> {
    if (!converted) return wrong(option, value);
    option.get<std::decay_t<decltype(*converted)>>(holder) = std::move(*converted);
    return {};
  };
  const auto put_result = [&](auto converted) -> Result<> {
    if (!converted) return tl::unexpected(converted.error());
    option.get<std::decay_t<decltype(*converted)>>(holder) = std::move(*converted);
    return {};
  };
  const auto put_narrow = [&]<class Int>(Int) -> Result<> {
    const auto number = to_number(value);
    return put(number && fits<Int>(*number) ? std::optional(static_cast<Int>(*number)) : std::nullopt);
  };
  switch (option.kind) {
    case Kind::boolean:
      return put(to_truth(value));
    case Kind::integer:
      return put(to_number(value));
    case Kind::integer32:
      return put_narrow(std::int32_t{});
    case Kind::unsigned32:
      return put_narrow(std::uint32_t{});
    case Kind::text:
      return put(to_text(value));
    case Kind::duration:
      return put_result(to_duration(option, value));
    case Kind::text_list:
      return put(to_text_list(value));
    case Kind::text_map:
      return put_result(to_text_map(option, value, env));
    case Kind::object:
    case Kind::object_list:
      break;
  }
  return wrong(option, value);
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) out.emplace_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

}  // namespace

bool is_zero(const Option& option, const void* holder) {
  switch (option.kind) {
    case Kind::boolean:
      return !option.get<bool>(holder);
    case Kind::integer:
      return option.get<std::int64_t>(holder) == 0;
    case Kind::integer32:
      return option.get<std::int32_t>(holder) == 0;
    case Kind::unsigned32:
      return option.get<std::uint32_t>(holder) == 0;
    case Kind::text:
      return option.get<std::string>(holder).empty();
    case Kind::duration:
      return option.get<Duration>(holder).ns == 0;
    case Kind::text_list:
      return option.get<std::vector<std::string>>(holder).empty();
    case Kind::text_map:
      return option.get<TextMap>(holder).empty();
    case Kind::object_list:
      return option.list->size(option.in(holder)) == 0;
    case Kind::object:
      break;
  }
  return std::ranges::all_of(option.object()->options(),
                             [&](const Option& inner) { return is_zero(inner, option.in(holder)); });
}

Result<> assign(const Option& option, void* holder, const Value& value, const Environment& env) {
  const auto* text = value.as<std::string>();
  const bool empty = text && text->empty() && option.kind != Kind::duration;
  if (value.is_null() || empty) return {};
  const auto before = [&]<class T>(T) { return option.get<T>(holder); };
  const auto keep_if_zero = [&]<class T>(T kept) -> Result<> {
    if (const auto done = set(option, holder, value, env); !done) return done;
    if (is_zero(option, holder)) option.get<T>(holder) = std::move(kept);
    return {};
  };
  switch (option.kind) {
    case Kind::integer:
      return keep_if_zero(before(std::int64_t{}));
    case Kind::integer32:
      return keep_if_zero(before(std::int32_t{}));
    case Kind::unsigned32:
      return keep_if_zero(before(std::uint32_t{}));
    case Kind::duration:
      return keep_if_zero(before(Duration{}));
    case Kind::text_list:
      return keep_if_zero(before(std::vector<std::string>{}));
    default:
      return set(option, holder, value, env);
  }
}

Result<> assign_text(const Option& option, void* holder, std::string_view text, const Environment& env) {
  if (option.kind == Kind::text_list) {
    option.get<std::vector<std::string>>(holder) = words(text);
    return {};
  }
  if (option.kind == Kind::text_map) {
    const auto parsed = parse_json(text);
    if (!parsed) return fail("must be an object of texts in JSON: {}", parsed.error().message);
    return set(option, holder, *parsed, env);
  }
  return set(option, holder, Value{std::string(text)}, env);
}

}  // namespace whirl::config
