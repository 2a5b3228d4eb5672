#include "metrics/transport.h"

namespace whirl::metrics {
namespace {

constexpr Description kClose{"centrifugo_transport_outgoing_close_count",
                             Kind::counter,
                             "Connections that were closed by us, by the code sent.",
                             {"transport", "code"}};

}  // namespace

Transport::Transport(Registry& registry) : outgoing_close_count(registry, kClose) {}

}  // namespace whirl::metrics
