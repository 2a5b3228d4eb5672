#pragma once
#include "api/messages.h"
#include "broker/types.h"

namespace whirl::api {

/// A view of who a client is, as long as the original lives. Infos that are empty are absent.
inline ClientInfo client_info(const broker::ClientInfo& info) {
  return {.user = info.user,
          .client = info.client,
          .conn_info = codec::Raw::unless_empty(info.conn_info),
          .chan_info = codec::Raw::unless_empty(info.chan_info)};
}

}  // namespace whirl::api
