// folders: acme
// What an authority says: the first byte chooses the kind of document. Whatever is taken holds only URLs and
// tokens that could not break a request or a path.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "acme/host.h"
#include "acme/messages.h"

namespace {

void check_url(std::string_view url) {
  if (!url.starts_with("http") || url.find_first_of(" \r\n\t") != url.npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace whirl::acme;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int kind = data[0] % 5;
  if (kind == 0) {
    if (auto directory = parse_directory(text)) check_url(directory->new_order);
  } else if (kind == 1) {
    if (auto order = parse_order(text)) {
      check_url(order->finalize);
      for (const auto& url : order->authorizations) check_url(url);
    }
  } else if (kind == 2) {
    if (auto authorization = parse_authorization(text)) {
      for (const Challenge& challenge : authorization->challenges) {
        check_url(challenge.url);
        if (challenge.token.find_first_of("/.%?#") != std::string::npos) std::abort();
      }
    }
  } else if (kind == 3) {
    (void)parse_problem(text).text();
  } else if (const std::string host = certifiable_host(text); !host.empty()) {
    if (certifiable_host(host) != host) std::abort();
  }
  return 0;
}
