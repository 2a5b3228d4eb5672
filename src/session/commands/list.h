#pragma once
#include <span>
#include <string_view>

#include "protocol/commands.h"
#include "session/call.h"

namespace whirl::session {

class Client;

/// How one kind of command is answered: a file in this folder and a row in the list.
struct CommandRow {
  protocol::Method method;
  /// Answers through the call, now or later. What is needed later is copied from the command, which lives no
  /// longer than this function runs.
  void (*run)(Client&, const protocol::Command&, Call);
};

/// In the order of protocol::kCommands.
std::span<const CommandRow> command_list();

// One file each.
void connect(Client& client, const protocol::Command& command, Call call);
void subscribe(Client& client, const protocol::Command& command, Call call);
void unsubscribe(Client& client, const protocol::Command& command, Call call);
void publish(Client& client, const protocol::Command& command, Call call);
void presence(Client& client, const protocol::Command& command, Call call);
void presence_stats(Client& client, const protocol::Command& command, Call call);
void history(Client& client, const protocol::Command& command, Call call);
void rpc(Client& client, const protocol::Command& command, Call call);
void send(Client& client, const protocol::Command& command, Call call);
void refresh(Client& client, const protocol::Command& command, Call call);
void sub_refresh(Client& client, const protocol::Command& command, Call call);

}  // namespace whirl::session
