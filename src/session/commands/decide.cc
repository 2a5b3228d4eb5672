#include "session/commands/decide.h"

#include "base/check.h"
#include "protocol/errors.h"
#include "session/client.h"

namespace whirl::session {

channel::Decision decide(Client& client, const channel::Request& request, bool has_token) {
  const channel::Subject subject{.user = client.user(),
                                 .has_token = has_token,
                                 .subscribed = client.subscriptions().find(request.channel) != nullptr};
  return channel::decide(*client.settings().rules, subject, request);
}

Refusal refusal_of(const channel::Decision& decision, const channel::Request& request) {
  std::string why = channel::explain(decision, request);
  if (decision.way != channel::Way::refused) {
    return Refusal::error(protocol::errors::not_available, std::move(why));
  }
  const protocol::Error* error = protocol::find_error(static_cast<std::uint32_t>(decision.refusal));
  WHIRL_CHECK(error);
  return Refusal::error(*error, std::move(why));
}

}  // namespace whirl::session
