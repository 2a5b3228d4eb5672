#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// A client error to answer with.
struct TransformError {
  std::uint32_t code = 0;
  std::string message;
  bool temporary = false;

  static const Table& table();
};

/// A disconnect to answer with.
struct TransformDisconnect {
  std::uint32_t code = 0;
  std::string reason;

  static const Table& table();
};

/// What a proxy response with a certain HTTP status means to the client: an error or a disconnect.
struct HttpStatusToCodeTransform {
  std::int64_t status_code = 0;
  TransformError to_error;
  TransformDisconnect to_disconnect;

  static const Table& table();
};

/// Proxy calls over HTTP.
struct ProxyCommonHTTP {
  TLSConfig tls;
  std::map<std::string, std::string> static_headers;
  std::vector<HttpStatusToCodeTransform> status_to_code_transforms;

  static const Table& table();
};

/// Proxy calls over gRPC.
struct ProxyCommonGRPC {
  TLSConfig tls;
  std::string credentials_key;
  std::string credentials_value;
  bool compression = false;
  std::map<std::string, std::string> static_metadata;

  static const Table& table();
};

/// What a proxy call carries, whatever its event.
struct ProxyCommon {
  std::vector<std::string> http_headers;
  std::vector<std::string> grpc_metadata;
  std::vector<std::string> emulated_headers;
  bool binary_encoding = false;
  bool include_connection_meta = false;
  ProxyCommonHTTP http;
  ProxyCommonGRPC grpc;

  static const Table& table();
};

/// One endpoint of the application backend.
struct Proxy : ProxyCommon {
  std::string endpoint;
  Duration timeout = Duration::seconds(1);

  static const Table& table();
};

/// A proxy that namespaces refer to by name.
struct NamedProxy : Proxy {
  std::string name;

  static const Table& table();
};

}  // namespace whirl::config
