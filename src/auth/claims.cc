#include "auth/claims.h"

#include <charconv>
#include <cmath>

#include "codec/json_scan.h"
#include "codec/json_string.h"

namespace whirl::auth {
namespace {

bool absent(codec::Raw claim) {
  return !claim.present() || claim.bytes == "null";
}

bool is_text(std::string_view json) {
  return json.starts_with('"');
}

std::string_view inside(std::string_view json_string) {
  return json_string.substr(1, json_string.size() - 2);
}

/// Takes the next value from the front of `json`, which is valid and starts at one; passes over spaces and
/// one comma or colon behind it.
std::string_view take_value(std::string_view& json) {
  const char* at = codec::skip_json_spaces(json.data(), json.data() + json.size());
  const char* const end = json.data() + json.size();
  const char* behind = codec::skip_json_value(at, end);
  if (!behind) behind = end;
  const std::string_view value(at, static_cast<std::size_t>(behind - at));
  behind = codec::skip_json_spaces(behind, end);
  if (behind != end && (*behind == ',' || *behind == ':')) ++behind;
  behind = codec::skip_json_spaces(behind, end);
  json.remove_prefix(static_cast<std::size_t>(behind - json.data()));
  return value;
}

/// What lies between the braces or brackets of a valid JSON object or list.
std::string_view contents(std::string_view json, char open, char close) {
  const auto first = json.find(open);
  const auto last = json.rfind(close);
  if (first == json.npos || last == json.npos || last <= first) return {};
  json = json.substr(first + 1, last - first - 1);
  const auto start = json.find_first_not_of(" \t\r\n");
  return start == json.npos ? std::string_view() : json.substr(start);
}

std::string number_text(std::string_view json) {
  if (json.find_first_of(".eE") == json.npos) return std::string(json);
  double value = 0;
  std::from_chars(json.data(), json.data() + json.size(), value);
  char buffer[1100];  // the longest double without an exponent has 1,077 characters
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  return {buffer, written.ptr};
}

}  // namespace

Result<std::optional<double>> numeric_date(codec::Raw claim) {
  if (absent(claim)) return std::nullopt;
  std::string_view text = claim.bytes;
  if (is_text(text)) text = inside(text);
  const char* const end = text.data() + text.size();
  const bool starts_like_a_number = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  double value = 0;
  if (!starts_like_a_number || codec::skip_json_number(text.data(), end) != end ||
      std::from_chars(text.data(), end, value).ec != std::errc{} || std::fabs(value) > 1e15) {
    return fail("not a time: {}", claim.bytes);
  }
  return value;
}

Result<std::optional<std::int64_t>> whole_number(codec::Raw claim) {
  if (absent(claim)) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = claim.bytes.data() + claim.bytes.size();
  const auto read = std::from_chars(claim.bytes.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return fail("not a whole number: {}", claim.bytes);
  return value;
}

Result<codec::List<std::string_view>> audiences(codec::Raw claim, codec::Arena& arena) {
  if (!claim.present()) return codec::List<std::string_view>();
  std::string_view rest = claim.bytes;
  if (rest.starts_with('[')) rest = contents(rest, '[', ']');
  auto* items = static_cast<std::string_view*>(
      arena.allocate((claim.bytes.size() / 3 + 1) * sizeof(std::string_view), alignof(std::string_view)));
  std::size_t count = 0;  // each takes three bytes of the claim at least: two quotes and a comma or bracket
  while (!rest.empty()) {
    const std::string_view value = take_value(rest);
    if (!is_text(value)) return fail("aud is neither a text nor a list of texts");
    items[count++] = codec::json_string_value(inside(value), arena);
  }
  return codec::List<std::string_view>(items, count);
}

std::string claim_text(std::string_view claims, std::string_view name, codec::Arena& arena) {
  std::string_view rest = contents(claims, '{', '}');
  while (!rest.empty()) {
    const std::string_view key = take_value(rest);
    const std::string_view value = take_value(rest);
    if (codec::json_string_value(inside(key), arena) != name) continue;
    if (is_text(value)) return std::string(codec::json_string_value(inside(value), arena));
    if (value == "null") return {};
    const bool is_number = value[0] == '-' || (value[0] >= '0' && value[0] <= '9');
    return is_number ? number_text(value) : std::string(value);
  }
  return {};
}

}  // namespace whirl::auth
