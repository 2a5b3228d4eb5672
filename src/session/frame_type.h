#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/commands.h"

namespace whirl::session {

/// What a frame is, for the metrics of transports. The first ones are the methods of commands and of their
/// replies.
enum class FrameType : std::uint8_t {
  connect,
  subscribe,
  unsubscribe,
  publish,
  presence,
  presence_stats,
  history,
  rpc,
  send,
  refresh,
  sub_refresh,
  server_ping,
  client_pong,
  push_connect,
  push_subscribe,
  push_publication,
  push_join,
  push_leave,
  push_unsubscribe,
  push_refresh,
  push_disconnect,
};

inline constexpr std::array kFrameTypeNames = std::to_array<std::string_view>({
    "connect",          "subscribe",    "unsubscribe",
    "publish",          "presence",     "presence_stats",
    "history",          "rpc",          "send",
    "refresh",          "sub_refresh",  "server_ping",
    "client_pong",      "push_connect", "push_subscribe",
    "push_publication", "push_join",    "push_leave",
    "push_unsubscribe", "push_refresh", "push_disconnect",
});
inline constexpr std::size_t kFrameTypes = kFrameTypeNames.size();

constexpr FrameType frame_type(protocol::Method method) {
  return static_cast<FrameType>(method);
}

}  // namespace whirl::session
