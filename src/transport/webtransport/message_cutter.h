#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/variant.h"

namespace whirl::transport::webtransport {

/// Cuts what comes on a stream into messages: lines of JSON, or Protobuf with a length before each. Whole
/// messages that come together are given together.
class MessageCutter {
 public:
  enum class State : std::uint8_t {
    ok,
    too_big,    ///< a message is larger than allowed
    malformed,  ///< a length that is none
  };

  MessageCutter(protocol::Encoding encoding, std::size_t max_message)
      : encoding_(encoding), max_message_(max_message) {}

  /// What came next. The messages that are complete now are in messages(), which may be empty.
  State feed(std::string_view bytes);
  /// Valid until the next call of feed().
  std::string_view messages() const { return messages_; }

 private:
  struct Cut {
    std::size_t end = 0;  ///< of the complete messages
    State state = State::ok;
  };
  Cut cut_lines(std::string_view bytes) const;
  Cut cut_lengths(std::string_view bytes) const;

  protocol::Encoding encoding_;
  std::size_t max_message_;
  std::string kept_;  // of a message that is not complete
  std::string joined_;
  std::string_view messages_;
};

}  // namespace whirl::transport::webtransport
