// folders: net
// Whatever comes first on a connection: a verdict once given stays the same when more bytes come, and no
// header is larger than what is there.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/proxy_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using whirl::net::ProxyHeader;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ProxyHeader whole = whirl::net::read_proxy_header(bytes);
  if (whole.state == ProxyHeader::State::complete && whole.size > size) std::abort();
  if (whole.state == ProxyHeader::State::more && size >= whirl::net::kMaxProxyHeader) std::abort();
  for (std::size_t i = 0; i < size && i < 200; ++i) {
    const ProxyHeader part = whirl::net::read_proxy_header(bytes.substr(0, i));
    if (part.state == ProxyHeader::State::more) continue;
    if (part.state != whole.state || part.size != whole.size || part.source != whole.source) std::abort();
  }
  return 0;
}
