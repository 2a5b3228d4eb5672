#include "transport/websocket/message_reader.h"

#include <algorithm>

#include "base/utf8.h"

namespace whirl::transport::websocket {
namespace {

constexpr std::uint8_t kRsv1 = 4;

bool is_control(std::uint8_t opcode) {
  return opcode >= static_cast<std::uint8_t>(Opcode::close);
}

bool is_known(std::uint8_t opcode) {
  return opcode <= static_cast<std::uint8_t>(Opcode::binary) ||
         (is_control(opcode) && opcode <= static_cast<std::uint8_t>(Opcode::pong));
}

MessageReader::Event violation(std::uint16_t code, std::string_view why) {
  return {MessageReader::Kind::violation, why, code, false};
}

}  // namespace

MessageReader::Kept& MessageReader::keep() {
  if (!kept_) kept_ = std::make_unique<Kept>();
  return *kept_;
}

void MessageReader::forget_delivered() {
  if (!kept_) return;
  if (std::exchange(kept_->frame_done, false)) kept_->frame.clear();
  if (std::exchange(kept_->message_done, false)) kept_->message.clear();
  if (kept_->frame.empty() && !kept_->fragmented) kept_.reset();
}

MessageReader::Event MessageReader::next(std::span<char>& bytes, const Rules& rules) {
  for (;;) {
    forget_delivered();
    std::span<char> frame;
    FrameHead head;
    Event failed;
    if (!complete_frame(bytes, frame, head, failed, rules)) return failed;
    std::span<char> payload = frame.subspan(head.size);
    unmask(payload, head.mask);
    Event event = deliver(head, payload);
    if (event.kind != Kind::need_more) return event;
  }
}

// Finds a whole frame, in the bytes or in what was kept of it and the bytes; false if there is none, or if it
// may not be.
bool MessageReader::complete_frame(std::span<char>& bytes, std::span<char>& frame, FrameHead& head,
                                   Event& failed, const Rules& rules) {
  bool resumed = kept_ && !kept_->frame.empty();
  for (;;) {
    std::string_view seen =
        resumed ? std::string_view(kept_->frame) : std::string_view(bytes.data(), bytes.size());
    std::size_t wanted = 2;
    if (seen.size() >= 2) {
      head = read_first_bytes(static_cast<unsigned char>(seen[0]), static_cast<unsigned char>(seen[1]));
      if (std::string_view why = judge(head, rules); !why.empty()) {
        failed = violation(kProtocolError, why);
        return false;
      }
      wanted = head.length == 127 ? 14 : head.length == 126 ? 8 : 6;
    }
    if (std::optional<FrameHead> whole = read_head(seen)) {
      head = *whole;
      if (too_big(head, rules)) {
        failed = violation(kTooBig, "message is too big");
        return false;
      }
      wanted = head.size + static_cast<std::size_t>(head.length);
      if (seen.size() >= wanted) break;
    }
    if (bytes.empty()) return false;
    // Exactly what is missing moves to the kept bytes, so that what follows is read in place again.
    std::size_t missing = resumed ? wanted - seen.size() : bytes.size();
    std::size_t taken = std::min(missing, bytes.size());
    keep().frame.append(bytes.data(), taken);
    bytes = bytes.subspan(taken);
    resumed = true;
  }
  if (resumed) {
    frame = kept_->frame;
    kept_->frame_done = true;
  } else {
    frame = bytes.first(head.size + static_cast<std::size_t>(head.length));
    bytes = bytes.subspan(frame.size());
  }
  return true;
}

// Why the first two bytes of a frame are not allowed; empty if they are.
std::string_view MessageReader::judge(const FrameHead& head, const Rules& rules) const {
  bool fragmented = kept_ && kept_->fragmented;
  bool control = is_control(head.opcode);
  bool first = head.opcode == static_cast<std::uint8_t>(Opcode::text) ||
               head.opcode == static_cast<std::uint8_t>(Opcode::binary);
  std::uint8_t allowed = rules.compression && first ? kRsv1 : 0;
  if ((head.reserved & ~allowed) != 0) return "reserved bit set";
  if (!is_known(head.opcode)) return "unknown opcode";
  if (!head.masked) return "frame is not masked";
  if (control && head.length > kMaxControlPayload) return "control frame is too long";
  if (control && !head.fin) return "control frame is fragmented";
  if (first && fragmented) return "message inside a fragmented message";
  if (!control && !first && !fragmented) return "continuation of nothing";
  return {};
}

bool MessageReader::too_big(const FrameHead& head, const Rules& rules) const {
  if (is_control(head.opcode)) return false;
  std::uint64_t before = kept_ && kept_->fragmented ? kept_->message.size() : 0;
  return head.length > rules.max_message || before > rules.max_message - head.length;
}

MessageReader::Event MessageReader::deliver(const FrameHead& head, std::span<char> bytes) {
  std::string_view payload(bytes.data(), bytes.size());
  switch (static_cast<Opcode>(head.opcode)) {
    case Opcode::ping:
      return {Kind::ping, payload, 0, false};
    case Opcode::pong:
      return {Kind::pong, payload, 0, false};
    case Opcode::close:
      return deliver_close(payload);
    default:
      return deliver_data(head, payload);
  }
}

MessageReader::Event MessageReader::deliver_data(const FrameHead& head, std::string_view payload) {
  bool fragmented = kept_ && kept_->fragmented;
  bool compressed = fragmented ? kept_->compressed : (head.reserved & kRsv1) != 0;
  if (head.fin && !fragmented) return {Kind::message, payload, 0, compressed};
  keep().message.append(payload);
  kept_->compressed = compressed;
  kept_->fragmented = !head.fin;
  if (!head.fin) return {};
  kept_->message_done = true;
  return {Kind::message, kept_->message, 0, compressed};
}

MessageReader::Event MessageReader::deliver_close(std::string_view payload) {
  if (payload.empty()) return {Kind::close, {}, kNoStatus, false};
  if (payload.size() == 1) return violation(kProtocolError, "half a close code");
  auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                         static_cast<unsigned char>(payload[1]));
  if (!is_valid_close_code(code)) return violation(kProtocolError, "invalid close code");
  if (!is_utf8(payload.substr(2))) return violation(kInvalidPayload, "close reason is not UTF-8");
  return {Kind::close, payload.substr(2), code, false};
}

}  // namespace whirl::transport::websocket
