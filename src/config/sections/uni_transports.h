#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// An HTTP response to answer with.
struct TransformedConnectErrorHttpResponse {
  std::int64_t status_code = 0;
  std::string body;

  static const Table& table();
};

/// One connect error or disconnect code that becomes an HTTP response.
struct ConnectCodeToHTTPResponseTransform {
  std::uint32_t code = 0;
  TransformedConnectErrorHttpResponse to;

  static const Table& table();
};

/// Failed connects as HTTP responses, for unidirectional HTTP transports.
struct ConnectCodeToHTTPResponse {
  bool enabled = false;
  std::vector<ConnectCodeToHTTPResponseTransform> transforms;

  static const Table& table();
};

/// The unidirectional WebSocket transport.
struct UniWebSocket {
  bool enabled = false;
  std::string handler_prefix = "/connection/uni_websocket";
  bool compression = false;
  std::int64_t compression_min_size = 0;
  std::int64_t compression_level = 1;
  std::int64_t read_buffer_size = 0;
  bool use_write_buffer_pool = false;
  std::int64_t write_buffer_size = 0;
  Duration write_timeout = Duration::seconds(1);
  std::int64_t message_size_limit = 65536;
  std::int64_t decompressed_message_size_limit = 0;
  bool disable_closing_handshake = false;
  bool disable_disconnect_push = false;
  bool join_push_messages = false;

  static const Table& table();
};

/// The unidirectional SSE transport.
struct UniSSE {
  bool enabled = false;
  std::string handler_prefix = "/connection/uni_sse";
  std::int64_t max_request_body_size = 65536;
  ConnectCodeToHTTPResponse connect_code_to_http_response;

  static const Table& table();
};

/// The unidirectional HTTP-streaming transport.
struct UniHTTPStream {
  bool enabled = false;
  std::string handler_prefix = "/connection/uni_http_stream";
  std::int64_t max_request_body_size = 65536;
  ConnectCodeToHTTPResponse connect_code_to_http_response;

  static const Table& table();
};

/// The unidirectional gRPC transport.
struct UniGRPC {
  bool enabled = false;
  std::string address;
  std::int64_t port = 11000;
  std::int64_t max_receive_message_size = 0;
  TLSConfig tls;

  static const Table& table();
};

}  // namespace whirl::config
