// folders: protocol
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "protocol/delta.h"

namespace whirl {
namespace {

constexpr std::size_t kLimit = 1 << 20;

void round_trip(std::string_view source, std::string_view target, protocol::DeltaText text) {
  std::string delta;
  protocol::append_fossil_delta(delta, source, target, text);
  auto back = protocol::apply_fossil_delta(source, delta, kLimit);
  WHIRL_CHECK(back && *back == target);
  if (text == protocol::DeltaText::utf8 && is_utf8(source) && is_utf8(target)) WHIRL_CHECK(is_utf8(delta));
}

}  // namespace
}  // namespace whirl

/// The first line is a text; what follows is another one, and also taken for a delta.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  std::string_view source = in.substr(0, in.find('\n'));
  std::string_view rest = in.substr(std::min(source.size() + 1, in.size()));
  whirl::round_trip(source, rest, whirl::protocol::DeltaText::bytes);
  whirl::round_trip(source, rest, whirl::protocol::DeltaText::utf8);
  auto applied = whirl::protocol::apply_fossil_delta(source, rest, whirl::kLimit);
  if (applied) WHIRL_CHECK(applied->size() <= whirl::kLimit);
  return 0;
}
