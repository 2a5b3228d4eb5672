#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "transport/websocket/frame.h"

namespace whirl::transport::websocket {

/// Turns a client's bytes into messages and control frames. A frame that is complete in the bytes is unmasked
/// and delivered in place; only the beginning of an incomplete frame and the parts of a fragmented message
/// are kept, so the reader of an idle connection is one empty pointer.
class MessageReader {
 public:
  struct Rules {
    std::uint64_t max_message = 65536;  ///< bytes, over all fragments
    bool compression = false;           ///< RSV1 was negotiated
  };

  enum class Kind {
    need_more,  ///< the bytes are used up
    message,
    ping,
    pong,
    close,     ///< `code` (kNoStatus if there is none) and the reason as payload
    violation  ///< ends the connection with `code`, the payload says why
  };
  struct Event {
    Kind kind = Kind::need_more;
    std::string_view payload;  ///< valid until the next call
    std::uint16_t code = 0;
    bool compressed = false;
  };

  /// Takes the next event off the front of `bytes`, which it may change. Not to be called again after a
  /// violation.
  Event next(std::span<char>& bytes, const Rules& rules);

  /// Bytes that are kept between calls.
  std::size_t kept() const { return kept_ ? kept_->frame.size() + kept_->message.size() : 0; }

 private:
  struct Kept {
    std::string frame;        // the beginning of a frame
    std::string message;      // fragments so far, unmasked
    bool frame_done = false;  // `frame` and `message` were delivered by the last event
    bool message_done = false;
    bool fragmented = false;  // the first fragment came, the last did not
    bool compressed = false;
  };

  Kept& keep();
  void forget_delivered();
  bool complete_frame(std::span<char>& bytes, std::span<char>& frame, FrameHead& head, Event& violation,
                      const Rules& rules);
  std::string_view judge(const FrameHead& head, const Rules& rules) const;
  bool too_big(const FrameHead& head, const Rules& rules) const;
  Event deliver(const FrameHead& head, std::span<char> payload);
  Event deliver_data(const FrameHead& head, std::string_view payload);
  static Event deliver_close(std::string_view payload);

  std::unique_ptr<Kept> kept_;
};

}  // namespace whirl::transport::websocket
