#pragma once
#include <span>
#include <string>

#include "hub/local_hub.h"

namespace whirl::hub {

/// A live publication that came while the stream was being read.
struct Heard {
  broker::PublicationPtr publication;
  std::string epoch;
};

/// What has to be read of the stream to answer a positioned subscribe.
broker::HistoryQuery recovery_query(const SubscribeRequest& request);

/// Where the subscriber is placed and what it missed, given the answer to recovery_query() and what was heard
/// in the meantime (in the order of arrival). Filters don't count for subscriptions with deltas, whose base
/// is always the publication before. A hole between the stream's top and what was heard means that nothing is
/// recovered.
SubscribeOutcome decide_recovery(const SubscribeRequest& request, broker::HistoryResult history,
                                 std::span<const Heard> heard);

}  // namespace whirl::hub
