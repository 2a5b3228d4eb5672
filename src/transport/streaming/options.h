#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/sections/transports.h"
#include "config/sections/uni_transports.h"

namespace whirl::transport::streaming {

/// What makes one streaming transport different from the others.
struct Options {
  std::string_view transport;   ///< its name; a constant
  bool events = false;          ///< server-sent events, asked for by GET or POST; otherwise messages, by POST
  bool unidirectional = false;  ///< the request is a connect request, otherwise commands
  std::int64_t write_timeout_ms = 1000;     ///< a client that takes nothing for so long is cut off
  std::vector<std::string> kept_headers{};  ///< names of the headers that sessions need
  /// Failed connects get an HTTP answer instead of a stream with a disconnect: those with these codes, 500
  /// for others.
  std::optional<std::vector<config::ConnectCodeToHTTPResponseTransform>> connect_answers{};

  static Options http_stream() { return {.transport = "http_stream"}; }
  static Options sse() { return {.transport = "sse", .events = true}; }
  static Options from(const config::UniHTTPStream& config);
  static Options from(const config::UniSSE& config);
};

}  // namespace whirl::transport::streaming
