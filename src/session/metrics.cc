#include "session/metrics.h"

namespace whirl::session {
namespace {

using metrics::Description;
using metrics::Kind;

constexpr double kDurationBounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05,
                                      0.1,    0.25,    0.5,    1,     2.5,   5,    10};
constexpr double kPublicationBounds[] = {0, 1, 2, 3, 5, 10, 20, 50, 100, 250, 500, 1000, 2000, 5000, 10000};

constexpr Description kCommandDuration{"centrifugo_client_command_duration_seconds",
                                       Kind::summary,
                                       "How long commands of clients took.",
                                       {"method", "channel_namespace"}};
constexpr Description kCommandDurationHistogram{"centrifugo_client_command_duration_seconds_histogram",
                                                Kind::histogram,
                                                "How long commands of clients took.",
                                                {"method", "channel_namespace"},
                                                kDurationBounds};
constexpr Description kReplyErrors{"centrifugo_client_num_reply_errors",
                                   Kind::counter,
                                   "Errors in replies to clients.",
                                   {"method", "code", "channel_namespace"}};
constexpr Description kServerUnsubscribes{"centrifugo_client_num_server_unsubscribes",
                                          Kind::counter,
                                          "Subscriptions that the server ended.",
                                          {"code", "channel_namespace"}};
constexpr Description kServerDisconnects{"centrifugo_client_num_server_disconnects",
                                         Kind::counter,
                                         "Connections that the server ended.",
                                         {"code"}};
constexpr Description kRecover{"centrifugo_client_recover",
                               Kind::counter,
                               "Attempts to recover missed publications.",
                               {"recovered", "channel_namespace", "has_recovered_publications"}};
constexpr Description kRecoveredPublications{"centrifugo_client_recovered_publications",
                                             Kind::histogram,
                                             "Publications of a successful recovery.",
                                             {"channel_namespace"},
                                             kPublicationBounds};
constexpr Description kPingPong{"centrifugo_client_ping_pong_duration_seconds",
                                Kind::histogram,
                                "From a ping to its pong.",
                                {"transport"},
                                kDurationBounds};
constexpr Description kConnectionsAccepted{"centrifugo_client_connections_accepted",
                                           Kind::counter,
                                           "Clients that connected.",
                                           {"transport", "accept_protocol", "client_name", "client_version"}};
constexpr Description kConnectionsInflight{"centrifugo_client_connections_inflight",
                                           Kind::gauge,
                                           "Clients that are connected.",
                                           {"transport", "accept_protocol", "client_name", "client_version"}};
constexpr Description kSubscriptionsInflight{"centrifugo_client_subscriptions_inflight",
                                             Kind::gauge,
                                             "Subscriptions that there are.",
                                             {"client_name", "channel_namespace"}};
constexpr Description kMessagesSent{"centrifugo_transport_messages_sent",
                                    Kind::counter,
                                    "Messages sent to clients.",
                                    {"transport", "frame_type", "channel_namespace"}};
constexpr Description kMessagesSentSize{
    "centrifugo_transport_messages_sent_size",
    Kind::counter,
    "Bytes of the messages sent to clients, without framing; of compressed ones as they were sent.",
    {"transport", "frame_type", "channel_namespace"}};
constexpr Description kMessagesReceived{"centrifugo_transport_messages_received",
                                        Kind::counter,
                                        "Messages received from clients.",
                                        {"transport", "frame_type", "channel_namespace"}};
constexpr Description kMessagesReceivedSize{
    "centrifugo_transport_messages_received_size",
    Kind::counter,
    "Bytes of the messages received from clients, without framing and unpacked.",
    {"transport", "frame_type", "channel_namespace"}};

/// Metrics by the namespaces of channels and by how a connection was accepted are not kept; the labels are
/// there for dashboards that group by them.
constexpr std::string_view kNoNamespace;
constexpr std::string_view kNoProtocol;

std::string_view name_label(ClientLabels labels) {
  return labels.has_name ? "unregistered" : "unnamed";
}

std::string_view version_label(ClientLabels labels) {
  return labels.has_version ? "unregistered" : "unversioned";
}

std::string_view text(bool value) {
  return value ? "true" : "false";
}

std::string_view method_name(protocol::Method method) {
  return protocol::kCommands[static_cast<std::size_t>(method)].name;
}

/// What is left of a frame's size without its framing.
std::size_t message_size(protocol::Framing framing, std::size_t frame_size) {
  std::size_t overhead = 0;
  switch (framing) {
    case protocol::Framing::websocket_text:
    case protocol::Framing::websocket_binary:  // the length prefix counts
      overhead = frame_size < 2 + 126 ? 2 : frame_size < 4 + 65536 ? 4 : 10;
      break;
    case protocol::Framing::lines:
      overhead = 1;
      break;
    case protocol::Framing::length_prefixed:
      for (std::size_t left = frame_size; left > 0; left >>= 7) ++overhead;
      break;
    case protocol::Framing::events:
      overhead = 8;
      break;
    case protocol::Framing::grpc:
      overhead = 5;
      break;
  }
  return frame_size - overhead;
}

}  // namespace

Metrics::Metrics(metrics::Registry& registry, const config::Prometheus& options)
    : command_duration_(registry, kCommandDuration, kCommandDurationHistogram),
      reply_errors_(registry, kReplyErrors),
      server_unsubscribes_(registry, kServerUnsubscribes),
      server_disconnects_(registry, kServerDisconnects),
      recover_(registry, kRecover),
      ping_pong_(registry, kPingPong),
      connections_accepted_(registry, kConnectionsAccepted),
      connections_inflight_(registry, kConnectionsInflight),
      subscriptions_inflight_(registry, kSubscriptionsInflight),
      messages_sent_(registry, kMessagesSent),
      messages_sent_size_(registry, kMessagesSentSize),
      messages_received_(registry, kMessagesReceived),
      messages_received_size_(registry, kMessagesReceivedSize) {
  if (options.recovered_publications_histogram) {
    recovered_publications_ =
        std::make_unique<metrics::Family<metrics::Histogram, 1>>(registry, kRecoveredPublications);
  }
  for (const protocol::CommandKind& kind : protocol::kCommands) {
    by_method_.push_back(command_duration_.with(kind.name, kNoNamespace));
  }
}

Metrics::Transport& Metrics::transport(std::string_view name) {
  const auto found = transports_.find(name);
  if (found != transports_.end()) return found->second;
  return transports_.try_emplace(std::string(name), *this, name).first->second;
}

void Metrics::Transport::sent(FrameType type, protocol::Framing framing, std::size_t frame_size) {
  Traffic& traffic = sent_[static_cast<std::size_t>(type)];
  if (!traffic.messages) {
    const std::string_view label = kFrameTypeNames[static_cast<std::size_t>(type)];
    traffic.messages = &metrics_.messages_sent_.with(name_, label, kNoNamespace);
    traffic.bytes = &metrics_.messages_sent_size_.with(name_, label, kNoNamespace);
  }
  traffic.messages->add();
  traffic.bytes->add(message_size(framing, frame_size));
}

void Metrics::Transport::received(FrameType type, std::size_t size) {
  Traffic& traffic = received_[static_cast<std::size_t>(type)];
  if (!traffic.messages) {
    const std::string_view label = kFrameTypeNames[static_cast<std::size_t>(type)];
    traffic.messages = &metrics_.messages_received_.with(name_, label, kNoNamespace);
    traffic.bytes = &metrics_.messages_received_size_.with(name_, label, kNoNamespace);
  }
  traffic.messages->add();
  traffic.bytes->add(size);
}

void Metrics::Transport::accepted(ClientLabels labels) {
  metrics_.connections_accepted_.with(name_, kNoProtocol, name_label(labels), version_label(labels)).add();
  connected(labels, 1);
}

void Metrics::Transport::connected(ClientLabels labels, int change) {
  metrics_.connections_inflight_.with(name_, kNoProtocol, name_label(labels), version_label(labels))
      .add(change);
}

void Metrics::Transport::pong(double seconds) {
  metrics_.ping_pong_.with(name_).observe(seconds);
}

void Metrics::command(protocol::Method method, std::int64_t duration_us) {
  by_method_[static_cast<std::size_t>(method)].observe(static_cast<double>(duration_us) / 1e6);
}

void Metrics::reply_error(protocol::Method method, std::uint32_t code) {
  reply_errors_.with(method_name(method), std::to_string(code), kNoNamespace).add();
}

void Metrics::disconnected(std::uint32_t code) {
  server_disconnects_.with(std::to_string(code)).add();
}

void Metrics::unsubscribed(std::uint32_t code) {
  server_unsubscribes_.with(std::to_string(code), kNoNamespace).add();
}

void Metrics::subscriptions(ClientLabels labels, int change) {
  subscriptions_inflight_.with(name_label(labels), kNoNamespace).add(change);
}

void Metrics::recovered(bool recovered, std::size_t publications) {
  recover_.with(text(recovered), kNoNamespace, text(publications > 0)).add();
  if (recovered && recovered_publications_) {
    recovered_publications_->with(kNoNamespace).observe(static_cast<double>(publications));
  }
}

}  // namespace whirl::session
