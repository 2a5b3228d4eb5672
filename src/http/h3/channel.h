#pragma once
#include <cstdint>
#include <string>

#include "http/h3/send_queue.h"

namespace whirl::http::h3 {

/// The bidirectional stream of a WebTransport session; owned by the session of HTTP/3 until it is closed.
/// What is sent on it comes from the SessionStream of the request that it belongs to.
struct Channel {
  std::int64_t id = 0;
  std::int64_t request = 0;
  SendQueue out{};
  std::string held{};        ///< came while reading was paused
  bool client_done = false;  ///< no more comes behind what is held
  bool blocked = false;      ///< the client takes no more at present
  bool end_sent = false;
};

}  // namespace whirl::http::h3
