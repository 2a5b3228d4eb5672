#include "protocol/frame_reader.h"

#include <algorithm>

#include "codec/json.h"
#include "codec/protobuf.h"

namespace whirl::protocol {

/// Takes the next command's bytes off the rest.
bool FrameReader::cut(std::string_view& body) {
  if (encoding_ == Encoding::json) {
    std::size_t line = std::min(rest_.find('\n'), rest_.size());
    body = rest_.substr(0, line);
    rest_.remove_prefix(std::min(line + 1, rest_.size()));
    return true;
  }
  std::uint64_t length;
  if (!codec::take_varint(rest_, length) || length > rest_.size()) return false;
  body = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

FrameReader::Next FrameReader::next(Command& out) {
  if (rest_.empty() && started_) return Next::end;
  started_ = true;
  std::size_t before = rest_.size();
  std::string_view body;
  bool good = before > 0 && cut(body);
  if (good) {
    good = encoding_ == Encoding::json ? codec::decode_json(body, out, arena_).has_value()
                                       : codec::decode_protobuf(body, out, arena_).has_value();
  }
  if (!good) {
    rest_ = {};
    started_ = false;  // so that asking again gives `bad` again
    return Next::bad;
  }
  command_size_ = before - rest_.size();
  return Next::command;
}

}  // namespace whirl::protocol
