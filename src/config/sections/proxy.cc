#include "config/sections/proxy.h"

#include "config/table.h"

namespace whirl::config {

const Table& TransformError::table() {
  static const Row<TransformError> rows[] = {
      {"code", &TransformError::code, "Error code, 400 to 1999; 0 means none."},
      {"message", &TransformError::message, "Error message, ASCII."},
      {"temporary", &TransformError::temporary, "Tells the client to try again later."},
  };
  static const Table table("TransformError", rows);
  return table;
}

const Table& TransformDisconnect::table() {
  static const Row<TransformDisconnect> rows[] = {
      {"code", &TransformDisconnect::code,
       "Disconnect code; 4000 to 4499 lets the client reconnect, 4500 to 4999 does not. 0 means none."},
      {"reason", &TransformDisconnect::reason, "Disconnect reason, ASCII."},
  };
  static const Table table("TransformDisconnect", rows);
  return table;
}

const Table& HttpStatusToCodeTransform::table() {
  static const Row<HttpStatusToCodeTransform> rows[] = {
      {"status_code", &HttpStatusToCodeTransform::status_code, "HTTP status of the response."},
      {"to_error", &HttpStatusToCodeTransform::to_error, "Error to answer with."},
      {"to_disconnect", &HttpStatusToCodeTransform::to_disconnect, "Disconnect to answer with."},
  };
  static const Table table("HttpStatusToCodeTransform", rows);
  return table;
}

const Table& ProxyCommonHTTP::table() {
  static const Row<ProxyCommonHTTP> rows[] = {
      {"tls", &ProxyCommonHTTP::tls, "TLS of the calls."},
      {"static_headers", &ProxyCommonHTTP::static_headers, "Headers added to every request."},
      {"status_to_code_transforms", &ProxyCommonHTTP::status_to_code_transforms,
       "What unsuccessful statuses mean to the client."},
  };
  static const Table table("ProxyCommonHTTP", rows);
  return table;
}

const Table& ProxyCommonGRPC::table() {
  static const Row<ProxyCommonGRPC> rows[] = {
      {"tls", &ProxyCommonGRPC::tls, "TLS of the calls."},
      {"credentials_key", &ProxyCommonGRPC::credentials_key,
       "Name of a metadata entry that authenticates calls."},
      {"credentials_value", &ProxyCommonGRPC::credentials_value, "Value of that entry.", kSecret},
      {"compression", &ProxyCommonGRPC::compression, "Compresses calls with gzip."},
      {"static_metadata", &ProxyCommonGRPC::static_metadata, "Metadata added to every call."},
  };
  static const Table table("ProxyCommonGRPC", rows);
  return table;
}

const Table& ProxyCommon::table() {
  static const Row<ProxyCommon> rows[] = {
      {"http_headers", &ProxyCommon::http_headers, "Names of the client's HTTP headers that are passed on."},
      {"grpc_metadata", &ProxyCommon::grpc_metadata,
       "Names of the client's gRPC metadata that are passed on."},
      {"emulated_headers", &ProxyCommon::emulated_headers,
       "Names of headers that a client may set in its connect command."},
      {"binary_encoding", &ProxyCommon::binary_encoding, "Passes payloads as base64 rather than as JSON."},
      {"include_connection_meta", &ProxyCommon::include_connection_meta,
       "Adds the connection's `meta` to requests."},
      {"http", &ProxyCommon::http, "Calls over HTTP."},
      {"grpc", &ProxyCommon::grpc, "Calls over gRPC."},
  };
  static const Table table("ProxyCommon", rows);
  return table;
}

const Table& Proxy::table() {
  static const Row<Proxy> rows[] = {
      {"endpoint", &Proxy::endpoint, "URL to call: `http://`, `https://` or `grpc://`.", kUrl},
      {"timeout", &Proxy::timeout, "Longest time to wait for the answer."},
      Base<ProxyCommon>{},
  };
  static const Table table("Proxy", rows);
  return table;
}

const Table& NamedProxy::table() {
  static const Row<NamedProxy> rows[] = {
      {"name", &NamedProxy::name, "Name that namespaces refer to it by."},
      Base<Proxy>{},
  };
  static const Table table("NamedProxy", rows);
  return table;
}

}  // namespace whirl::config
