#pragma once
#include <cstdint>

#include "hub/local_hub.h"

namespace whirl::hub {

/// A subscribe on its way from a subscriber's loop to the channel's owner and back. Of its loop only the
/// ticket goes along: the subscriber and its callback stay at home.
struct Admission {
  SubscribeRequest request;
  int loop = 0;
  std::uint64_t ticket = 0;
  bool has_presence = false;  ///< presence was added, so a failure has to remove it
  SubscribeOutcome outcome;
};

}  // namespace whirl::hub
