#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// What clients do, counted by sessions.
struct Client {
  explicit Client(Registry& registry);

  Family<Counter, 4> connections_accepted;  // transport, accept_protocol ("h1"), client_name, client_version
  Family<Gauge, 4> connections_inflight;    // the same
  Family<Gauge, 2> subscriptions_inflight;  // client_name, channel_namespace
  DurationFamily<2> command_duration;       // method ("subscribe"), channel_namespace
  Family<Counter, 3> num_reply_errors;      // method, code, channel_namespace
  Family<Counter, 2> num_server_unsubscribes;  // code, channel_namespace
  Family<Counter, 1> num_server_disconnects;   // code
  Family<Counter, 3> recover;  // recovered ("yes"), channel_namespace, has_recovered_publications ("no")
  Family<Histogram, 1>
      recovered_publications;  // channel_namespace; observed only if the configuration asks for it
  Family<Histogram, 1> ping_pong_duration;  // transport
};

}  // namespace whirl::metrics
