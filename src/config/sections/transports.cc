#include "config/sections/transports.h"

#include "config/table.h"

namespace whirl::config {

const Table& WebSocket::table() {
  static const Row<WebSocket> rows[] = {
      {"disabled", &WebSocket::disabled, "Turns the WebSocket transport off."},
      {"handler_prefix", &WebSocket::handler_prefix, "Path it is served at."},
      {"compression", &WebSocket::compression,
       "Compresses messages (`permessage-deflate`) for clients that can."},
      {"compression_min_size", &WebSocket::compression_min_size,
       "Smallest message that is compressed, in bytes."},
      {"compression_level", &WebSocket::compression_level, "Effort of compression, 1 to 9."},
      {"read_buffer_size", &WebSocket::read_buffer_size,
       "Accepted for compatibility: read buffers are shared by all connections of a loop."},
      {"use_write_buffer_pool", &WebSocket::use_write_buffer_pool,
       "Accepted for compatibility: messages are sent without write buffers."},
      {"write_buffer_size", &WebSocket::write_buffer_size,
       "Accepted for compatibility: messages are sent without write buffers."},
      {"write_timeout", &WebSocket::write_timeout,
       "Longest time that a write may take before the client is disconnected."},
      {"message_size_limit", &WebSocket::message_size_limit, "Largest message accepted, in bytes."},
      {"decompressed_message_size_limit", &WebSocket::decompressed_message_size_limit,
       "Largest message accepted after decompression, in bytes; 0 means ten times `message_size_limit`."},
  };
  static const Table table("WebSocket", rows);
  return table;
}

const Table& SSE::table() {
  static const Row<SSE> rows[] = {
      {"enabled", &SSE::enabled, "Turns it on."},
      {"handler_prefix", &SSE::handler_prefix, "Path it is served at."},
      {"max_request_body_size", &SSE::max_request_body_size, "Largest request body accepted, in bytes."},
  };
  static const Table table("SSE", rows);
  return table;
}

const Table& HTTPStream::table() {
  static const Row<HTTPStream> rows[] = {
      {"enabled", &HTTPStream::enabled, "Turns it on."},
      {"handler_prefix", &HTTPStream::handler_prefix, "Path it is served at."},
      {"max_request_body_size", &HTTPStream::max_request_body_size,
       "Largest request body accepted, in bytes."},
  };
  static const Table table("HTTPStream", rows);
  return table;
}

const Table& WebTransport::table() {
  static const Row<WebTransport> rows[] = {
      {"enabled", &WebTransport::enabled, "Turns it on."},
      {"handler_prefix", &WebTransport::handler_prefix, "Path it is served at."},
      {"message_size_limit", &WebTransport::message_size_limit, "Largest message accepted, in bytes."},
  };
  static const Table table("WebTransport", rows);
  return table;
}

const Table& Emulation::table() {
  static const Row<Emulation> rows[] = {
      {"handler_prefix", &Emulation::handler_prefix, "Path it is served at."},
      {"max_request_body_size", &Emulation::max_request_body_size,
       "Largest request body accepted, in bytes."},
  };
  static const Table table("Emulation", rows);
  return table;
}

const Table& ConnInit::table() {
  static const Row<ConnInit> rows[] = {
      {"enabled", &ConnInit::enabled, "Turns it on."},
      {"handler_prefix", &ConnInit::handler_prefix, "Path it is served at."},
  };
  static const Table table("ConnInit", rows);
  return table;
}

}  // namespace whirl::config
