#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "protocol/messages.h"

namespace whirl::protocol {

/// What a command asks for.
enum class Method : std::uint8_t {
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
  none,  // nothing, or nothing that is known; also a ping, which only servers send
};

struct CommandKind {
  Method method;
  std::string_view name;
  bool (*is_in)(const Command&);
};

/// All methods, in the order in which a command that has several of them is decided: the first one counts.
/// The row of a method is kCommands[static_cast<unsigned>(method)].
inline constexpr auto kCommands = std::to_array<CommandKind>({
    {Method::connect, "connect", [](const Command& c) { return c.connect != nullptr; }},
    {Method::subscribe, "subscribe", [](const Command& c) { return c.subscribe != nullptr; }},
    {Method::unsubscribe, "unsubscribe", [](const Command& c) { return c.unsubscribe != nullptr; }},
    {Method::publish, "publish", [](const Command& c) { return c.publish != nullptr; }},
    {Method::presence, "presence", [](const Command& c) { return c.presence != nullptr; }},
    {Method::presence_stats, "presence_stats", [](const Command& c) { return c.presence_stats != nullptr; }},
    {Method::history, "history", [](const Command& c) { return c.history != nullptr; }},
    {Method::rpc, "rpc", [](const Command& c) { return c.rpc != nullptr; }},
    {Method::send, "send", [](const Command& c) { return c.send != nullptr; }},
    {Method::refresh, "refresh", [](const Command& c) { return c.refresh != nullptr; }},
    {Method::sub_refresh, "sub_refresh", [](const Command& c) { return c.sub_refresh != nullptr; }},
});

constexpr Method method_of(const Command& command) {
  for (const CommandKind& kind : kCommands) {
    if (kind.is_in(command)) return kind.method;
  }
  return Method::none;
}

/// The answer to a ping: a command with nothing in it.
constexpr bool is_pong(const Command& command) {
  return command.id == 0 && command.ping == nullptr && method_of(command) == Method::none;
}

}  // namespace whirl::protocol
