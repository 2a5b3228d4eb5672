#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// What the node as a whole has and does, counted by the hub. Each loop's gauges hold its own part: users are
/// counted by the loop that owns the user, channels by the loop that owns the channel, nodes by the first
/// loop.
struct Node {
  explicit Node(Registry& registry);

  Family<Gauge, 0> num_clients;
  Family<Gauge, 0> num_users;
  Family<Gauge, 0> num_subscriptions;
  Family<Gauge, 0> num_channels;
  Family<Gauge, 0> num_nodes;
  Family<Gauge, 1> build;           // version; 1 on the first loop
  Family<Counter, 2> action_count;  // action ("add_client", "history" …), channel_namespace
  Family<Counter, 2>
      messages_sent_count;  // type ("publication", "join", "leave", "control"), channel_namespace
  Family<Counter, 2> messages_received_count;  // the same
  Family<Histogram, 2> broadcast_duration;     // type ("publication"), channel_namespace
  Family<Histogram, 1> pub_sub_lag;            // channel_namespace
  DurationFamily<1> survey_duration;           // op
  Family<Counter, 1> tags_filter_dropped;      // channel_namespace; publications that filters held back
  Family<Counter, 0> client_connection_limit;  // connections refused at client.connection_limit
  Family<Counter, 3>
      incoming_http_requests;  // path, method, status; with prometheus.instrument_http_handlers
  Family<Gauge, 0> shared_poll_num_channels;
  Family<Gauge, 0> shared_poll_num_keys;
};

}  // namespace whirl::metrics
