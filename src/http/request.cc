#include "http/request.h"

#include <algorithm>

#include "http/url.h"

namespace whirl::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool equal_fold(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_fold(header.name, name)) return header.value;
  }
  return {};
}

bool Request::header_has_token(std::string_view name, std::string_view token) const {
  for (const Header& header : headers) {
    if (!equal_fold(header.name, name)) continue;
    std::string_view list = header.value;
    while (!list.empty()) {
      std::size_t comma = list.find(',');
      if (equal_fold(trim(list.substr(0, comma)), token)) return true;
      list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
  }
  return false;
}

std::string Request::query_value(std::string_view name) const {
  return http::query_value(query, name);
}

std::string_view Request::version_name() const {
  return version == 1 ? "h1" : version == 2 ? "h2" : "h3";
}

void Request::clear() {
  headers.clear();
  std::vector<Header> kept = std::move(headers);
  *this = Request{};
  headers = std::move(kept);
}

}  // namespace whirl::http
