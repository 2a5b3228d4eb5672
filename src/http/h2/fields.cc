#include "http/h2/fields.h"

#include <algorithm>
#include <array>
#include <utility>

namespace whirl::http::h2 {
namespace {

constexpr std::array<std::string_view, 5> kOfConnections = {"connection", "keep-alive", "proxy-connection",
                                                            "transfer-encoding", "upgrade"};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

}  // namespace

void append_fields(std::vector<Field>& out, std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      std::string name = lower_case(line.substr(0, colon));
      if (std::ranges::find(kOfConnections, name) == kOfConnections.end()) {
        out.push_back({std::move(name), std::string(line.substr(colon + 2))});
      }
    }
    lines.remove_prefix(std::min(end + 2, lines.size()));
  }
}

std::vector<Field> fields_of(const ResponseHead& head) {
  std::vector<Field> out;
  out.push_back({":status", std::to_string(head.status)});
  if (!head.content_type.empty()) out.push_back({"content-type", std::string(head.content_type)});
  append_fields(out, head.extra);
  if (!head.date.empty()) out.push_back({"date", std::string(head.date)});
  if (head.content_length && head.status != 204 && head.status != 304) {
    out.push_back({"content-length", std::to_string(*head.content_length)});
  }
  return out;
}

}  // namespace whirl::http::h2
