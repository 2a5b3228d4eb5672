#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/tokens.h"
#include "channel/permissions.h"
#include "channel/subscribe_options.h"
#include "protocol/messages.h"
#include "session/call.h"
#include "session/client.h"
#include "session/subscribed.h"

namespace whirl::session {

class Wire;

/// A connect command (or the request of a unidirectional client) on its way: who is it, may it connect, to
/// which channels is it subscribed from the start, and the reply. Owned by the callbacks of the step that it
/// waits for; ends with the answer or when the client is gone.
class Connecting : public std::enable_shared_from_this<Connecting> {
 public:
  Connecting(const protocol::ConnectRequest& request, Call call);

  void start(Client& client);

 private:
  // The steps, in this order.
  void identify(Client& client);
  void on_token(Client& client, Answer<auth::ConnectToken> token);
  void end_other_connections(Client& client);
  void choose_channels(Client& client);
  void check_limits(Client& client);
  void accept(Client& client);
  void subscribe(Client& client);
  void on_subscribed(Client& client, const std::string& channel, Answer<Subscribed> subscribed);
  void reply(Client& client);
  void refuse(Client& client, const Refusal& refusal);

  Answer<void> add_token_channels(Client& client);
  Answer<void> add_personal_channel(Client& client);
  Answer<void> add_requested_channels(Client& client);
  bool may_subscribe(const channel::Rules& rules, const channel::Decision& decision) const;
  protocol::ConnectResult result(Client& client, Wire& wire);

  Call call_;
  std::string token_;
  ClientLabels labels_;
  std::map<std::string, Wish, std::less<>> wishes_;  // the channels that the request names
  Identity identity_;
  bool identified_ = false;
  bool adds_requested_ = false;  // as far as the client might subscribe to them itself
  std::vector<auth::TokenSubscription> token_subs_;
  std::map<std::string, channel::SubscribeOptions, std::less<>> channels_;
  std::map<std::string, Subscribed, std::less<>> subscribed_;
  std::size_t pending_ = 0;
  std::uint32_t ttl_ = 0;
  std::string id_text_;
};

}  // namespace whirl::session
