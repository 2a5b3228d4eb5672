// folders: codec protocol
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "codec/json.h"
#include "protocol/messages.h"
#include "testing/every_kind.h"

namespace whirl {
namespace {

/// What was read can be written, is JSON then, and reads back the same.
template <class M>
void read_and_write(std::string_view in) {
  static codec::Arena arena;
  arena.reset();
  M message, back;
  auto end = codec::decode_json(in, message, arena);
  if (!end) return;
  WHIRL_CHECK(*end <= in.size());
  std::string first, again, compact;
  codec::encode_json(message, first);
  WHIRL_CHECK(codec::is_json(first));
  WHIRL_CHECK(codec::decode_json_document(first, back, arena));
  codec::encode_json(back, again);
  WHIRL_CHECK(again == first);
  codec::encode_json(message, compact, codec::RawStyle::compact);
  WHIRL_CHECK(codec::is_json(compact));
}

}  // namespace
}  // namespace whirl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  whirl::read_and_write<whirl::testing::EveryKind>(in);
  whirl::read_and_write<whirl::protocol::Command>(in);
  if (whirl::codec::is_json(in)) {
    std::string compact;
    whirl::codec::append_compact_json(compact, in);
    WHIRL_CHECK(whirl::codec::is_json(compact));
  }
  return 0;
}
