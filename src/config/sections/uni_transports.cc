#include "config/sections/uni_transports.h"

#include "config/table.h"

namespace whirl::config {

const Table& TransformedConnectErrorHttpResponse::table() {
  static const Row<TransformedConnectErrorHttpResponse> rows[] = {
      {"status_code", &TransformedConnectErrorHttpResponse::status_code, "HTTP status."},
      {"body", &TransformedConnectErrorHttpResponse::body, "Body of the response."},
  };
  static const Table table("TransformedConnectErrorHttpResponse", rows);
  return table;
}

const Table& ConnectCodeToHTTPResponseTransform::table() {
  static const Row<ConnectCodeToHTTPResponseTransform> rows[] = {
      {"code", &ConnectCodeToHTTPResponseTransform::code, "Error or disconnect code of the connect."},
      {"to", &ConnectCodeToHTTPResponseTransform::to, "Response to answer with."},
  };
  static const Table table("ConnectCodeToHTTPResponseTransform", rows);
  return table;
}

const Table& ConnectCodeToHTTPResponse::table() {
  static const Row<ConnectCodeToHTTPResponse> rows[] = {
      {"enabled", &ConnectCodeToHTTPResponse::enabled, "Turns the transforms on."},
      {"transforms", &ConnectCodeToHTTPResponse::transforms, "List of the transforms."},
  };
  static const Table table("ConnectCodeToHTTPResponse", rows);
  return table;
}

const Table& UniWebSocket::table() {
  static const Row<UniWebSocket> rows[] = {
      {"enabled", &UniWebSocket::enabled, "Turns it on."},
      {"handler_prefix", &UniWebSocket::handler_prefix, "Path it is served at."},
      {"compression", &UniWebSocket::compression,
       "Compresses messages (`permessage-deflate`) for clients that can."},
      {"compression_min_size", &UniWebSocket::compression_min_size,
       "Smallest message that is compressed, in bytes."},
      {"compression_level", &UniWebSocket::compression_level, "Effort of compression, 1 to 9."},
      {"read_buffer_size", &UniWebSocket::read_buffer_size,
       "Accepted for compatibility: read buffers are shared by all connections of a loop."},
      {"use_write_buffer_pool", &UniWebSocket::use_write_buffer_pool,
       "Accepted for compatibility: messages are sent without write buffers."},
      {"write_buffer_size", &UniWebSocket::write_buffer_size,
       "Accepted for compatibility: messages are sent without write buffers."},
      {"write_timeout", &UniWebSocket::write_timeout,
       "Longest time that a write may take before the client is disconnected."},
      {"message_size_limit", &UniWebSocket::message_size_limit, "Largest message accepted, in bytes."},
      {"decompressed_message_size_limit", &UniWebSocket::decompressed_message_size_limit,
       "Largest message accepted after decompression, in bytes; 0 means ten times `message_size_limit`."},
      {"disable_closing_handshake", &UniWebSocket::disable_closing_handshake,
       "Ends connections without a close frame."},
      {"disable_disconnect_push", &UniWebSocket::disable_disconnect_push,
       "Does not send a disconnect push before the connection ends."},
      {"join_push_messages", &UniWebSocket::join_push_messages, "Puts several pushes in one frame."},
  };
  static const Table table("UniWebSocket", rows);
  return table;
}

const Table& UniSSE::table() {
  static const Row<UniSSE> rows[] = {
      {"enabled", &UniSSE::enabled, "Turns it on."},
      {"handler_prefix", &UniSSE::handler_prefix, "Path it is served at."},
      {"max_request_body_size", &UniSSE::max_request_body_size, "Largest request body accepted, in bytes."},
      {"connect_code_to_http_response", &UniSSE::connect_code_to_http_response,
       "Failed connects as HTTP responses."},
  };
  static const Table table("UniSSE", rows);
  return table;
}

const Table& UniHTTPStream::table() {
  static const Row<UniHTTPStream> rows[] = {
      {"enabled", &UniHTTPStream::enabled, "Turns it on."},
      {"handler_prefix", &UniHTTPStream::handler_prefix, "Path it is served at."},
      {"max_request_body_size", &UniHTTPStream::max_request_body_size,
       "Largest request body accepted, in bytes."},
      {"connect_code_to_http_response", &UniHTTPStream::connect_code_to_http_response,
       "Failed connects as HTTP responses."},
  };
  static const Table table("UniHTTPStream", rows);
  return table;
}

const Table& UniGRPC::table() {
  static const Row<UniGRPC> rows[] = {
      {"enabled", &UniGRPC::enabled, "Turns it on."},
      {"address", &UniGRPC::address, "Address to listen on; empty means every interface."},
      {"port", &UniGRPC::port, "Port to listen on."},
      {"max_receive_message_size", &UniGRPC::max_receive_message_size,
       "Largest message accepted, in bytes; 0 means the default of gRPC, 4 MB."},
      {"tls", &UniGRPC::tls, "TLS of the listener."},
  };
  static const Table table("UniGRPC", rows);
  return table;
}

}  // namespace whirl::config
