#include "metrics/client.h"

#include "metrics/bounds.h"

namespace whirl::metrics {
namespace {

constexpr Description kConnectionsAccepted{"centrifugo_client_connections_accepted",
                                           Kind::counter,
                                           "Connections that were accepted.",
                                           {"transport", "accept_protocol", "client_name", "client_version"}};
constexpr Description kConnectionsInflight{"centrifugo_client_connections_inflight",
                                           Kind::gauge,
                                           "Connections that are open.",
                                           {"transport", "accept_protocol", "client_name", "client_version"}};
constexpr Description kSubscriptionsInflight{"centrifugo_client_subscriptions_inflight",
                                             Kind::gauge,
                                             "Subscriptions of the open connections.",
                                             {"client_name", "channel_namespace"}};
constexpr Description kCommandSummary{"centrifugo_client_command_duration_seconds",
                                      Kind::summary,
                                      "Time from a client's command to its reply.",
                                      {"method", "channel_namespace"}};
constexpr Description kCommandHistogram{"centrifugo_client_command_duration_seconds_histogram",
                                        Kind::histogram,
                                        "Time from a client's command to its reply.",
                                        {"method", "channel_namespace"},
                                        kSecondsFromTenthMilli};
constexpr Description kNumReplyErrors{"centrifugo_client_num_reply_errors",
                                      Kind::counter,
                                      "Replies to clients that were errors.",
                                      {"method", "code", "channel_namespace"}};
constexpr Description kNumServerUnsubscribes{"centrifugo_client_num_server_unsubscribes",
                                             Kind::counter,
                                             "Subscriptions that the server ended.",
                                             {"code", "channel_namespace"}};
constexpr Description kNumServerDisconnects{"centrifugo_client_num_server_disconnects",
                                            Kind::counter,
                                            "Connections that the server ended.",
                                            {"code"}};
constexpr Description kRecover{"centrifugo_client_recover",
                               Kind::counter,
                               "Recoveries of subscriptions, successful or not.",
                               {"recovered", "channel_namespace", "has_recovered_publications"}};
constexpr Description kRecoveredPublications{"centrifugo_client_recovered_publications",
                                             Kind::histogram,
                                             "Publications that one recovery brought.",
                                             {"channel_namespace"},
                                             kPublications};
constexpr Description kPingPongDuration{"centrifugo_client_ping_pong_duration_seconds",
                                        Kind::histogram,
                                        "Time from a ping to the client's pong.",
                                        {"transport"},
                                        kSecondsFromTenthMilli};

/// Shown from the start, so that rates have a zero to begin with.
constexpr std::string_view kMethods[] = {"connect",  "subscribe",      "unsubscribe", "publish",
                                         "presence", "presence_stats", "history",     "send",
                                         "rpc",      "refresh",        "sub_refresh", "unknown"};

}  // namespace

Client::Client(Registry& registry)
    : connections_accepted(registry, kConnectionsAccepted),
      connections_inflight(registry, kConnectionsInflight),
      subscriptions_inflight(registry, kSubscriptionsInflight),
      command_duration(registry, kCommandSummary, kCommandHistogram),
      num_reply_errors(registry, kNumReplyErrors),
      num_server_unsubscribes(registry, kNumServerUnsubscribes),
      num_server_disconnects(registry, kNumServerDisconnects),
      recover(registry, kRecover),
      recovered_publications(registry, kRecoveredPublications),
      ping_pong_duration(registry, kPingPongDuration) {
  for (std::string_view method : kMethods) command_duration.with(method, "");
}

}  // namespace whirl::metrics
