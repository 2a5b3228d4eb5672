#include "metrics/graphite.h"

#include <fmt/format.h>

#include <iterator>

namespace whirl::metrics {

std::string Graphite::component(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    bool plain = c > ' ' && c < '\x7f' && c != '.';
    if (!plain) c = '_';
  }
  return out;
}

std::string Graphite::lines(const Snapshot& snapshot, std::int64_t unix_seconds) {
  std::string out;
  for (const auto& [path, value, is_whole] : aggregate_.since_last(snapshot)) {
    fmt::format_to(std::back_inserter(out), "{}.{} ", prefix_, path);
    if (is_whole) {
      fmt::format_to(std::back_inserter(out), "{} {}\n", static_cast<std::int64_t>(value), unix_seconds);
    } else {
      fmt::format_to(std::back_inserter(out), "{:f} {}\n", value, unix_seconds);
    }
  }
  return out;
}

}  // namespace whirl::metrics
