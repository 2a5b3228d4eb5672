// folders: http
// The messages of a gRPC call, however its bytes are cut (the first byte says how), and what is in the
// compressed ones. The same messages must come out of every cut, and what is framed again must be what came.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/grpc/message.h"
#include "http/grpc/status.h"

namespace {

using namespace whirl::http::grpc;

constexpr std::size_t kMost = 1000;

std::string read_all(std::string_view bytes, std::size_t step, std::string& framed) {
  MessageReader reader(kMost);
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::string_view piece = bytes.substr(at, step);
    while (!piece.empty()) {
      const auto event = reader.next(piece);
      if (event == MessageReader::Event::more) break;
      seen += std::to_string(static_cast<int>(event));
      if (event != MessageReader::Event::message) return seen;
      const std::string message = reader.take();
      if (message.size() > kMost) std::abort();
      append_message(framed, message, reader.compressed());
      std::string inflated;
      if (reader.compressed() && gunzip(message, kMost, inflated) == Inflated::ok && inflated.size() > kMost)
        std::abort();
      seen += message;
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string one;
  std::string other;
  if (read_all(bytes, std::size_t{1} + data[0] % 64, one) != read_all(bytes, bytes.size() + 1, other))
    std::abort();
  if (one != other || one != bytes.substr(0, one.size())) std::abort();
  parse_timeout(bytes);
  trailer_lines({Code::internal, std::string(bytes), std::string(bytes)});
  return 0;
}
