#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace whirl::driver::nats {

class Inbox;

struct Publish {
  std::string subject;
  std::string data;
};
/// `number` names the subscription from then on, unique among those of its inbox.
struct Subscribe {
  std::string subject;
  std::uint64_t number;
};
struct Unsubscribe {
  std::uint64_t number;
};
using Order = std::variant<Publish, Subscribe, Unsubscribe>;

/// What a loop wants done, in its order.
struct Batch {
  std::uint64_t number = 0;
  std::shared_ptr<Inbox> inbox;
  std::vector<Order> orders;
};

/// What became of the batch: a result for each order.
struct Outcome {
  std::uint64_t number = 0;
  std::vector<Result<>> results;
};

}  // namespace whirl::driver::nats
