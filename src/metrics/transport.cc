#include "metrics/transport.h"

namespace whirl::metrics {
namespace {

constexpr std::array<std::string_view, 4> kLabels{"transport", "frame_type", "channel_namespace"};
constexpr Description kSent{"centrifugo_transport_messages_sent", Kind::counter, "Messages sent to clients.",
                            kLabels};
constexpr Description kSentSize{"centrifugo_transport_messages_sent_size", Kind::counter,
                                "Bytes of the messages sent to clients, without framing and compression.",
                                kLabels};
constexpr Description kReceived{"centrifugo_transport_messages_received", Kind::counter,
                                "Messages received from clients.", kLabels};
constexpr Description kReceivedSize{
    "centrifugo_transport_messages_received_size", Kind::counter,
    "Bytes of the messages received from clients, without framing and compression.", kLabels};
constexpr Description kClose{"centrifugo_transport_outgoing_close_count",
                             Kind::counter,
                             "Connections that were closed by us, by the code sent.",
                             {"transport", "code"}};

}  // namespace

Transport::Transport(Registry& registry)
    : messages_sent(registry, kSent),
      messages_sent_size(registry, kSentSize),
      messages_received(registry, kReceived),
      messages_received_size(registry, kReceivedSize),
      outgoing_close_count(registry, kClose) {}

}  // namespace whirl::metrics
