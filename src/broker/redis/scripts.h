#pragma once
#include "driver/redis/client.h"

/// What must happen in one step on the server. The effects on keys and channels are Centrifugo's; the keys
/// and arguments of each are described in scripts.cc. Flags are '0' and '1', durations are seconds.
namespace whirl::broker::redis {

struct Scripts {
  driver::redis::Script publish_once;
  driver::redis::Script publish_to_stream;
  driver::redis::Script publish_to_list;
  driver::redis::Script read_stream;
  driver::redis::Script read_list;
  driver::redis::Script add_presence;
  driver::redis::Script remove_presence;
  driver::redis::Script read_presence;
  driver::redis::Script count_presence;
};
const Scripts& scripts();
/// Those that publish do it for sharded PUB/SUB; the others are the same.
const Scripts& sharded_scripts();

}  // namespace whirl::broker::redis
