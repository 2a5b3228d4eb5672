#include "http/h3/fields.h"

#include <algorithm>

namespace whirl::http::h3 {
namespace {

constexpr std::string_view kOfConnections[] = {"connection", "keep-alive", "transfer-encoding", "upgrade"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::uint8_t* bytes_of(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());
}

}  // namespace

void Fields::add(std::string_view name, std::string_view value) {
  auto& [n, v] = texts_.emplace_back(name, value);
  list_.push_back({bytes_of(n), bytes_of(v), n.size(), v.size(), NGHTTP3_NV_FLAG_NONE});
}

void Fields::add_lines(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = lower(line.substr(0, colon));
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    const bool skipped =
        std::find(std::begin(kOfConnections), std::end(kOfConnections), name) != std::end(kOfConnections);
    if (!skipped) add(name, value == std::string_view::npos ? "" : line.substr(value));
  }
}

}  // namespace whirl::http::h3
