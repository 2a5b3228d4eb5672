#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "broker/types.h"
#include "channel/subscribe_options.h"
#include "hub/local_hub.h"
#include "protocol/messages.h"
#include "session/refusal.h"

namespace whirl::session {

/// What the one who subscribes asks for, beyond the options that hold for the channel.
struct Wish {
  bool recover = false;
  broker::StreamPosition since;
  bool fossil_delta = false;
  bool reject_unrecovered = false;  ///< rather no subscription than one with a gap (subscribe flag 2)
  bool has_filter = false;
  std::unique_ptr<protocol::CompiledFilter> filter;  ///< null if it is malformed
};

/// The wish of a subscribe request; `delta` must be known. Filters are compiled, so nothing of the request is
/// kept.
Wish wish_of(const protocol::SubscribeRequest& request);

/// A new subscription as the client is told of it.
struct Subscribed {
  std::uint32_t ttl = 0;
  bool expires = false;
  bool positioned = false;
  bool recoverable = false;
  bool recovered = false;
  bool was_recovering = false;
  bool delta = false;
  broker::StreamPosition position;  ///< where the client goes on from: its own place after a recovery
  std::vector<broker::PublicationPtr> publications;
  std::string data;
};

/// Seconds until `expire_at`, at most a year; refused with 110 if that has passed. 0 where nothing expires.
Answer<std::uint32_t> ttl_of(std::int64_t expire_at, std::int64_t now_s);

/// Whether missed publications are read: the client asked, or the namespace hands out the latest by itself.
bool recovers(const channel::SubscribeOptions& options, const Wish& wish);

/// What the hub has to do for a subscription; takes the wish's filter. Refused if that is malformed or not
/// allowed.
Answer<hub::SubscribeRequest> hub_request(std::string channel, const channel::SubscribeOptions& options,
                                          Wish& wish, int recover_limit);

/// What the client is told about how the hub did; takes the publications and the position. Refused with 112
/// if the client insisted on a recovery that failed. `ttl` and `expires` are left to the caller.
Answer<Subscribed> outcome_of(const channel::SubscribeOptions& options, const Wish& wish,
                              hub::SubscribeOutcome& outcome);

}  // namespace whirl::session
