#include "broker/client_info.h"

namespace whirl::broker {

protocol::ClientInfo to_message(const ClientInfo& info) {
  protocol::ClientInfo out;
  out.user = info.user;
  out.client = info.client;
  out.conn_info = codec::Raw::unless_empty(info.conn_info);
  out.chan_info = codec::Raw::unless_empty(info.chan_info);
  return out;
}

ClientInfoPtr from_message(const protocol::ClientInfo& message) {
  auto out = std::make_shared<ClientInfo>();
  out->client = message.client;
  out->user = message.user;
  out->conn_info = message.conn_info.bytes;
  out->chan_info = message.chan_info.bytes;
  return out;
}

}  // namespace whirl::broker
