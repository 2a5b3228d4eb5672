// folders: transport
// The first byte says in what pieces the rest arrives, the second which rules hold; the rest is read as a
// client's frames. However the bytes are cut, the same events must come out, and compressed messages inflate
// to the same, never to more than is allowed.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "transport/websocket/inflater.h"
#include "transport/websocket/message_reader.h"

namespace {

using namespace whirl::transport::websocket;

constexpr std::size_t kMaxMessage = 500;
constexpr std::size_t kMaxInflated = 2000;

std::string inflated(std::string_view payload) {
  static Inflater inflater;
  std::string out;
  const Inflater::Outcome outcome = inflater.inflate(payload, kMaxInflated, out);
  if (outcome != Inflater::Outcome::ok) return std::to_string(static_cast<int>(outcome));
  if (out.size() > kMaxInflated) std::abort();
  return out;
}

std::string read_events(std::string bytes, std::size_t step, bool compression) {
  MessageReader reader;
  MessageReader::Rules rules{.max_message = kMaxMessage, .compression = compression};
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::span<char> piece(bytes.data() + at, std::min(step, bytes.size() - at));
    for (;;) {
      MessageReader::Event event = reader.next(piece, rules);
      if (event.kind == MessageReader::Kind::need_more) break;
      seen.append(std::to_string(static_cast<int>(event.kind))).append(std::to_string(event.code));
      seen.append(event.payload).append(event.compressed ? "1" : "0");
      if (event.compressed) seen += inflated(event.payload);
      if (event.payload.size() > kMaxMessage) std::abort();
      if (event.kind == MessageReader::Kind::violation) return seen;
    }
    if (reader.kept() > 2 * kMaxMessage + 14) std::abort();
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::size_t step = std::size_t{1} + data[0] % 64;
  bool compression = (data[1] & 1) != 0;
  if (read_events(bytes, step, compression) != read_events(bytes, bytes.size() + 1, compression))
    std::abort();
  return 0;
}
