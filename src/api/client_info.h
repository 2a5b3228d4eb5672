#pragma once
#include "api/messages.h"
#include "broker/types.h"

namespace whirl::api {

/// A view of who a client is, as long as the original lives. Infos that are empty are absent.
inline ClientInfo client_info(const broker::ClientInfo& info) {
  ClientInfo out{.user = info.user, .client = info.client};
  if (!info.conn_info.empty()) out.conn_info = {info.conn_info};
  if (!info.chan_info.empty()) out.chan_info = {info.chan_info};
  return out;
}

}  // namespace whirl::api
