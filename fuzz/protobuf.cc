// folders: codec protocol
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "codec/protobuf.h"
#include "protocol/frame_reader.h"
#include "testing/every_kind.h"

namespace whirl {
namespace {

template <class M>
void write_and_read(const M& message, codec::Arena& arena) {
  std::string first, again;
  codec::encode_protobuf(message, first);
  M back;
  WHIRL_CHECK(codec::decode_protobuf(first, back, arena));
  codec::encode_protobuf(back, again);
  WHIRL_CHECK(again == first);
}

void one_message(std::string_view in) {
  static codec::Arena arena;
  arena.reset();
  testing::EveryKind message;
  if (codec::decode_protobuf(in, message, arena)) write_and_read(message, arena);
}

void frame_of_commands(std::string_view in, protocol::Encoding encoding) {
  static codec::Arena arena;
  arena.reset();
  protocol::FrameReader reader(encoding, in, arena);
  protocol::Command command;
  std::size_t total = 0;
  protocol::FrameReader::Next next;
  while ((next = reader.next(command)) == protocol::FrameReader::Next::command) {
    WHIRL_CHECK(reader.command_size() > 0);
    total += reader.command_size();
    if (encoding == protocol::Encoding::protobuf) write_and_read(command, arena);
  }
  WHIRL_CHECK(total <= in.size());
  WHIRL_CHECK(next == protocol::FrameReader::Next::bad || total == in.size());
}

}  // namespace
}  // namespace whirl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  whirl::one_message(in);
  whirl::frame_of_commands(in, whirl::protocol::Encoding::protobuf);
  whirl::frame_of_commands(in, whirl::protocol::Encoding::json);
  return 0;
}
