#pragma once
#include <string>
#include <vector>

#include "config/sections/proxy.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Where RPC calls go.
struct RpcOptions {
  bool proxy_enabled = false;
  std::string proxy_name = "default";

  static const Table& table();
};

/// Options of RPC methods whose name starts with the name of the namespace.
struct RpcNamespace : RpcOptions {
  std::string name;

  static const Table& table();
};

/// An RPC method that the server answers itself.
struct RPCPing {
  bool enabled = false;
  std::string method = "ping";

  static const Table& table();
};

/// Calls from clients to the backend.
struct RPC {
  Proxy proxy;
  RpcOptions without_namespace;
  std::vector<RpcNamespace> namespaces;
  RPCPing ping;
  std::string namespace_boundary = ":";

  static const Table& table();
};

}  // namespace whirl::config
