#include "transport/request_headers.h"

namespace whirl::transport {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> kept_headers(const http::Request& request,
                                                              const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, std::string>> kept;
  for (const http::Header& header : request.headers) {
    for (const std::string& name : names) {
      if (http::equal_fold(header.name, name)) kept.emplace_back(name, header.value);
    }
  }
  return kept;
}

}  // namespace whirl::transport
