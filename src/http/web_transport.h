#pragma once
#include <cstdint>
#include <string_view>

#include "http/exchange.h"

namespace whirl::http {

/// What the stream of a request for kWebTransport is: the bytes of the first bidirectional stream that the
/// client opens in its WebTransport session. It is there before the client opened that; what is written
/// meanwhile waits.
class WebTransportStream : public MessageStream {
 public:
  /// Sends what is queued, then ends the session with a code and a reason for the client. The handler is not
  /// called again, and the owner may drop the stream at once.
  virtual void close_session(std::uint32_t code, std::string_view reason) = 0;

 protected:
  using MessageStream::MessageStream;
};

inline constexpr std::string_view kWebTransport = "webtransport";

}  // namespace whirl::http
