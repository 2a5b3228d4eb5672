#include "transport/webtransport/message_cutter.h"

#include <utility>

namespace whirl::transport::webtransport {
namespace {

constexpr int kMaxLengthBytes = 10;

}  // namespace

MessageCutter::Cut MessageCutter::cut_lines(std::string_view bytes) const {
  Cut cut;
  for (;;) {
    const std::size_t end = bytes.find('\n', cut.end);
    const std::size_t size = (end == std::string_view::npos ? bytes.size() : end) - cut.end;
    if (size > max_message_) cut.state = State::too_big;
    if (end == std::string_view::npos || cut.state != State::ok) return cut;
    cut.end = end + 1;
  }
}

MessageCutter::Cut MessageCutter::cut_lengths(std::string_view bytes) const {
  Cut cut;
  while (cut.end < bytes.size()) {
    std::uint64_t length = 0;
    std::size_t at = cut.end;
    bool complete = false;
    for (int i = 0; i < kMaxLengthBytes && at < bytes.size() && !complete; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[at++]);
      length |= std::uint64_t{byte & 0x7fu} << (7 * i);
      complete = (byte & 0x80) == 0;
    }
    if (!complete) {
      if (at - cut.end == kMaxLengthBytes) cut.state = State::malformed;
      return cut;
    }
    if (length > max_message_) cut.state = State::too_big;
    if (cut.state != State::ok || bytes.size() - at < length) return cut;
    cut.end = at + static_cast<std::size_t>(length);
  }
  return cut;
}

MessageCutter::State MessageCutter::feed(std::string_view bytes) {
  const bool alone = kept_.empty();
  if (!alone) {
    joined_ = std::exchange(kept_, {});
    joined_ += bytes;
    bytes = joined_;
  }
  const Cut cut = encoding_ == protocol::Encoding::json ? cut_lines(bytes) : cut_lengths(bytes);
  messages_ = bytes.substr(0, cut.end);
  if (cut.state == State::ok) kept_ = bytes.substr(cut.end);
  return cut.state;
}

}  // namespace whirl::transport::webtransport
