#pragma once
#include <optional>
#include <string>
#include <variant>

#include "hub/control_messages.h"
#include "hub/node.h"

namespace whirl::hub {

/// Something to be done to connections of a user, wherever they are: on any loop, on any node.
struct UserCommand {
  struct Unsubscription {
    std::string channel;
    Unsubscribe with;
  };
  struct Subscription {
    std::string channel;
    SubscribeOverrides with;
  };
  using Action = std::variant<Disconnect, Unsubscription, Subscription, Refresh>;

  UserTarget target;
  Action action;

  bool is_for(const Subscriber& subscriber) const;
  void run(Subscriber& subscriber) const;

  /// The message which tells it to other nodes.
  std::string message(std::string_view sender_uid) const;
  /// Nothing if the message is about something else.
  static std::optional<UserCommand> from(const control::Command& message);
};

}  // namespace whirl::hub
