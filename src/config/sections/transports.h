#pragma once
#include <cstdint>
#include <string>

#include "config/duration.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// The bidirectional WebSocket transport.
struct WebSocket {
  bool disabled = false;
  std::string handler_prefix = "/connection/websocket";
  bool compression = false;
  std::int64_t compression_min_size = 0;
  std::int64_t compression_level = 1;
  std::int64_t read_buffer_size = 0;
  bool use_write_buffer_pool = false;
  std::int64_t write_buffer_size = 0;
  Duration write_timeout = Duration::seconds(1);
  std::int64_t message_size_limit = 65536;
  std::int64_t decompressed_message_size_limit = 0;

  static const Table& table();
};

/// The bidirectional SSE transport; commands come through the emulation endpoint.
struct SSE {
  bool enabled = false;
  std::string handler_prefix = "/connection/sse";
  std::int64_t max_request_body_size = 65536;

  static const Table& table();
};

/// The bidirectional HTTP-streaming transport; commands come through the emulation endpoint.
struct HTTPStream {
  bool enabled = false;
  std::string handler_prefix = "/connection/http_stream";
  std::int64_t max_request_body_size = 65536;

  static const Table& table();
};

/// The bidirectional WebTransport transport over HTTP/3.
struct WebTransport {
  bool enabled = false;
  std::string handler_prefix = "/connection/webtransport";
  std::int64_t message_size_limit = 65536;

  static const Table& table();
};

/// Where clients of SSE and HTTP streaming send their commands.
struct Emulation {
  std::string handler_prefix = "/emulation";
  std::int64_t max_request_body_size = 65536;

  static const Table& table();
};

/// The connection initialization endpoint.
struct ConnInit {
  bool enabled = false;
  std::string handler_prefix = "/connection/init";

  static const Table& table();
};

}  // namespace whirl::config
