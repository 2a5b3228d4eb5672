// folders: protocol transport
// The bytes are inflated as a client's message, which must stay within the limit; then they are deflated as
// one or two of our own messages, which must come back as they were.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/variant.h"
#include "transport/websocket/frame.h"
#include "transport/websocket/inflater.h"

namespace {

using namespace whirl;
using transport::websocket::Inflater;

constexpr std::size_t kMaxInflated = 3000;

std::string inflated(Inflater& inflater, const SharedBytes& frame) {
  const auto head = transport::websocket::read_head(frame.view());
  if (!head || head->size + head->length != frame.size()) std::abort();
  std::string out;
  if (inflater.inflate(frame.view().substr(head->size), 1 << 20, out) != Inflater::Outcome::ok) std::abort();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Inflater inflater;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string out;
  const Inflater::Outcome outcome = inflater.inflate(bytes, kMaxInflated, out);
  if (out.size() > kMaxInflated + 1) std::abort();
  if ((outcome == Inflater::Outcome::too_big) != (out.size() > kMaxInflated) &&
      outcome != Inflater::Outcome::malformed) {
    std::abort();
  }

  const int level = 1 + (size == 0 ? 0 : data[0] % 9);
  const protocol::Variant variant{protocol::Encoding::json, protocol::Framing::websocket_text, false,
                                  static_cast<std::uint8_t>(level), 0};
  const SharedBytes one = protocol::frame(variant, bytes);
  const SharedBytes other = protocol::frame(variant, bytes.substr(size / 2));
  if (inflated(inflater, one) != bytes) std::abort();
  const std::string both = std::string(bytes).append("\n").append(bytes.substr(size / 2));
  if (inflated(inflater, protocol::join_compressed(one, other)) != both) std::abort();
  return 0;
}
