#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "channel/rules.h"

namespace whirl::channel {

/// What a client wants to do with a channel.
enum class Action : std::uint8_t {
  subscribe,
  publish,
  history,
  presence,
  presence_stats,
  map_publish,
  map_remove
};

/// Who wants it. An empty user id is an anonymous client.
struct Subject {
  std::string_view user;
  bool has_token = false;   ///< a subscription token came with the request (it is verified elsewhere)
  bool subscribed = false;  ///< is in the channel now
};

/// What is asked for.
struct Request {
  Action action;
  std::string_view channel;
  SubscriptionType type = SubscriptionType::stream;  ///< of a subscription
  std::optional<std::string_view> data = {};  ///< of a publication: must fit the namespace's data format
};

/// Errors of the client protocol with which a request is refused; `none` where it is not.
enum class Refusal : std::uint32_t {
  none = 0,
  unknown_channel = 102,
  permission_denied = 103,
  bad_request = 107,
  not_available = 108,
};

/// Who has the say. Where a token, a proxy or a stream proxy has it, the caller must ask there: nothing is
/// allowed yet.
enum class Way : std::uint8_t {
  refused,
  by_token,
  by_user_limit,  ///< the user is named in the channel
  by_proxy,
  by_stream_proxy,
  by_client_option,
  by_subscriber_option,
  by_insecure,
};

/// The outcome, with what it takes to explain it. Views point to constants and into the rules.
struct Decision {
  Way way = Way::refused;
  Refusal refusal = Refusal::none;
  const Namespace* ns = nullptr;  ///< null if the channel is unknown
  std::string_view option = {};   ///< the option that decided
  std::string_view remedy = {};   ///< what would allow it; empty unless refused

  bool allowed() const { return way >= Way::by_client_option || way == Way::by_user_limit; }
  /// Name of the namespace, empty for channels without one.
  std::string_view namespace_name() const { return ns ? std::string_view(ns->name) : std::string_view(); }
};

/// Decides in the order in which the checks show on the wire: the namespace must exist, the name and the data
/// be valid, the feature be on, and then somebody have the say.
Decision decide(const Rules& rules, const Subject& subject, const Request& request);

/// Only the permission options (and client.insecure) of an action, for a channel whose namespace is known.
bool permitted(const Rules& rules, const Namespace& ns, Action action, const Subject& subject);

/// The decision in one sentence for the debug log and developers: what was refused or granted, by which
/// option, and what would change it.
std::string explain(const Decision& decision, const Request& request);

std::string_view action_name(Action action);

}  // namespace whirl::channel
