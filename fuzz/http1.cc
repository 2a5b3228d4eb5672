// folders: http
// The first byte says in what pieces the rest arrives; it is then read as a row of HTTP/1 requests. However
// the bytes are cut, the same requests must come out.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/body_decoder.h"
#include "http/head_parser.h"
#include "http/url.h"

namespace {

using namespace whirl::http;

std::string read_requests(std::string_view bytes, std::size_t step) {
  std::string seen;
  std::size_t at = 0;
  while (at < bytes.size()) {
    HeadScanner scanner;
    std::size_t head_size = 0;
    for (std::size_t size = step; head_size == 0; size += step) {
      std::string_view part = bytes.substr(at, size);
      head_size = scanner.find_end(part);
      if (head_size == 0 && part.size() == bytes.size() - at) return seen;
    }
    Request request;
    Refusal refusal = parse_head(bytes.substr(at, head_size), {.bytes = 4096, .headers = 20}, request);
    at += head_size;
    if (refusal) return seen + std::to_string(refusal.status);
    seen.append(request.method).append(request.path).append(request.query).append(request.query_value("a"));
    for (const Header& header : request.headers) seen.append(header.name).append(header.value);
    seen += request.header_has_token("connection", "upgrade") ? '1' : '0';

    BodyDecoder body(request, 1000);
    while (body.state() == BodyDecoder::State::more && at < bytes.size())
      at += body.feed(bytes.substr(at, step));
    if (body.body().size() > 1000) std::abort();
    seen.append(body.body()).append(std::to_string(static_cast<int>(body.state())));
    if (body.state() != BodyDecoder::State::done) return seen;
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::size_t step = std::size_t{1} + data[0] % 64;
  if (read_requests(bytes, step) != read_requests(bytes, bytes.size() + 1)) std::abort();
  return 0;
}
