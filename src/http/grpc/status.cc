#include "http/grpc/status.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

#include "base/base64.h"

namespace whirl::http::grpc {
namespace {

constexpr std::size_t kTimeoutDigits = 8;

struct Unit {
  char name;
  std::int64_t of_a_second;  // so many make one
  std::int64_t seconds;
};
constexpr std::array kUnits = {Unit{'H', 1, 3600}, Unit{'M', 1, 60},        Unit{'S', 1, 1},
                               Unit{'m', 1000, 1}, Unit{'u', 1'000'000, 1}, Unit{'n', 1'000'000'000, 1}};

void append_percent_encoded(std::string& out, std::string_view text) {
  for (char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

}  // namespace

std::string trailer_lines(const Status& status) {
  std::string out = fmt::format("grpc-status: {}\r\n", static_cast<int>(status.code));
  if (!status.message.empty()) {
    out += "grpc-message: ";
    append_percent_encoded(out, status.message);
    out += "\r\n";
  }
  if (!status.details.empty()) {
    out += fmt::format("grpc-status-details-bin: {}\r\n", encode_base64(status.details));
  }
  return out;
}

std::optional<std::int64_t> parse_timeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kTimeoutDigits + 1) return std::nullopt;
  const char* unit_at = text.data() + text.size() - 1;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), unit_at, value);
  if (error != std::errc() || end != unit_at || value < 0) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.name != *unit_at) continue;
    if (unit.of_a_second == 1) return value * unit.seconds * 1000;
    const std::int64_t of_a_ms = unit.of_a_second / 1000;
    return (value + of_a_ms - 1) / of_a_ms;
  }
  return std::nullopt;
}

}  // namespace whirl::http::grpc
