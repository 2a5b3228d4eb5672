#include "metrics/consumer.h"

namespace whirl::metrics {
namespace {

constexpr Description kProcessed{"centrifugo_consumers_messages_processed_total",
                                 Kind::counter,
                                 "Messages that a consumer processed.",
                                 {"consumer_name"}};
constexpr Description kErrors{
    "centrifugo_consumers_errors_total", Kind::counter, "Errors of a consumer.", {"consumer_name"}};

}  // namespace

Consumer::Consumer(Registry& registry) : processed(registry, kProcessed), errors(registry, kErrors) {}

}  // namespace whirl::metrics
