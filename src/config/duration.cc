#include "config/duration.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <limits>
#include <string>
#include <utility>

namespace whirl::config {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1'000},
                                         {"µs", 1'000},
                                         {"μs", 1'000},
                                         {"ms", 1'000'000},
                                         {"s", kSecond},
                                         {"m", 60 * kSecond},
                                         {"h", 3600 * kSecond}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes digits from the front; false if the number does not fit. `scale`, if given, becomes 10^digits.
bool take_digits(std::string_view& text, std::int64_t& value, std::size_t& count) {
  value = 0;
  for (count = 0; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++count) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) return false;
    if (__builtin_add_overflow(value, std::int64_t{text.front() - '0'}, &value)) return false;
  }
  return true;
}

/// Takes the digits after a point as a part of one unit; digits beyond nanoseconds of the largest unit are
/// ignored.
double take_fraction(std::string_view& text, std::size_t& count) {
  double value = 0, weight = 0.1;
  for (count = 0; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++count, weight /= 10) {
    value += (text.front() - '0') * weight;
  }
  return value;
}

const Unit* take_unit(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && text[size] != '.' && !is_digit(text[size])) ++size;
  for (const Unit& unit : kUnits) {
    if (unit.name == text.substr(0, size)) {
      text.remove_prefix(size);
      return &unit;
    }
  }
  return nullptr;
}

/// Takes one number with its unit and adds it to `total`.
bool take_part(std::string_view& text, std::int64_t& total) {
  std::int64_t whole = 0;
  std::size_t digits = 0, decimals = 0;
  if (!take_digits(text, whole, digits)) return false;
  double fraction = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_fraction(text, decimals);
  }
  if (digits + decimals == 0) return false;
  const Unit* unit = take_unit(text);
  if (!unit || __builtin_mul_overflow(whole, unit->ns, &whole)) return false;
  const auto part = static_cast<std::int64_t>(fraction * static_cast<double>(unit->ns) + 0.5);
  return !__builtin_add_overflow(total, whole, &total) && !__builtin_add_overflow(total, part, &total);
}

void append_fraction(std::string& out, std::int64_t value, std::int64_t unit) {
  std::int64_t rest = value % unit;
  if (rest == 0) return;
  std::string digits = std::to_string(rest + unit).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  out += '.' + digits;
}

}  // namespace

Result<Duration> Duration::parse(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return Duration{};
  std::int64_t total = 0;
  bool good = !rest.empty();
  while (good && !rest.empty()) good = take_part(rest, total);
  if (!good) {
    return fail("\"{}\" is not a duration; write numbers with units, such as \"300ms\", \"25s\" or \"1h30m\"",
                text);
  }
  return Duration{negative ? -total : total};
}

std::string Duration::text() const {
  if (ns == 0) return "0s";
  std::string out = ns < 0 ? "-" : "";
  // The smallest value has no positive counterpart; it is off by a nanosecond here.
  std::int64_t value = ns < 0 ? -std::max(ns, -std::numeric_limits<std::int64_t>::max()) : ns;
  if (value < kSecond) {
    const auto [unit, name] = value < 1'000       ? std::pair{1L, "ns"}
                              : value < 1'000'000 ? std::pair{1'000L, "µs"}
                                                  : std::pair{1'000'000L, "ms"};
    out += std::to_string(value / unit);
    append_fraction(out, value, unit);
    return out + name;
  }
  const std::int64_t hours = value / (3600 * kSecond);
  const std::int64_t minutes = value / (60 * kSecond) % 60;
  if (hours) out += fmt::format("{}h", hours);
  if (hours || minutes) out += fmt::format("{}m", minutes);
  value %= 60 * kSecond;
  out += std::to_string(value / kSecond);
  append_fraction(out, value, kSecond);
  return out + "s";
}

}  // namespace whirl::config
