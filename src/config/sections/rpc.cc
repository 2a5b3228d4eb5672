#include "config/sections/rpc.h"

#include "config/table.h"

namespace whirl::config {

const Table& RpcOptions::table() {
  static const Row<RpcOptions> rows[] = {
      {"proxy_enabled", &RpcOptions::proxy_enabled, "Passes calls to the backend."},
      {"proxy_name", &RpcOptions::proxy_name, "Proxy to call."},
  };
  static const Table table("RpcOptions", rows);
  return table;
}

const Table& RpcNamespace::table() {
  static const Row<RpcNamespace> rows[] = {
      {"name", &RpcNamespace::name, "Name, unique: at least two letters, digits, `-`, `_` or `.`."},
      Base<RpcOptions>{},
  };
  static const Table table("RpcNamespace", rows);
  return table;
}

const Table& RPCPing::table() {
  static const Row<RPCPing> rows[] = {
      {"enabled", &RPCPing::enabled,
       "Answers an RPC method with an empty result, so that clients can check the connection."},
      {"method", &RPCPing::method, "Name of that method."},
  };
  static const Table table("RPCPing", rows);
  return table;
}

const Table& RPC::table() {
  static const Row<RPC> rows[] = {
      {"proxy", &RPC::proxy, "Where RPC calls of clients go; namespaces use it by the name `default`."},
      {"without_namespace", &RPC::without_namespace, "Options of methods that have no namespace."},
      {"namespaces", &RPC::namespaces, "List of RPC namespaces."},
      {"ping", &RPC::ping, "A method that the server answers itself."},
      {"namespace_boundary", &RPC::namespace_boundary, "What ends the name of the namespace."},
  };
  static const Table table("RPC", rows);
  return table;
}

}  // namespace whirl::config
