#include "metrics/node.h"

#include "metrics/bounds.h"

namespace whirl::metrics {
namespace {

constexpr Description kNumClients{"centrifugo_node_num_clients", Kind::gauge, "Clients connected."};
constexpr Description kNumUsers{"centrifugo_node_num_users", Kind::gauge,
                                "Users with at least one connection."};
constexpr Description kNumSubscriptions{"centrifugo_node_num_subscriptions", Kind::gauge, "Subscriptions."};
constexpr Description kNumChannels{"centrifugo_node_num_channels", Kind::gauge,
                                   "Channels with at least one subscriber."};
constexpr Description kNumNodes{"centrifugo_node_num_nodes", Kind::gauge, "Nodes of the cluster."};
constexpr Description kBuild{"centrifugo_node_build", Kind::gauge, "The version that runs.", {"version"}};
constexpr Description kActions{
    "centrifugo_node_action_count", Kind::counter, "Actions of the node.", {"action", "channel_namespace"}};
constexpr Description kSent{"centrifugo_node_messages_sent_count",
                            Kind::counter,
                            "Messages given to the broker.",
                            {"type", "channel_namespace"}};
constexpr Description kReceived{"centrifugo_node_messages_received_count",
                                Kind::counter,
                                "Messages that came from the broker.",
                                {"type", "channel_namespace"}};
constexpr Description kBroadcast{"centrifugo_node_broadcast_duration_seconds",
                                 Kind::histogram,
                                 "Time to hand a message to all subscribers of a channel.",
                                 {"type", "channel_namespace"},
                                 kSecondsFromMicro};
constexpr Description kLag{"centrifugo_node_pub_sub_lag_seconds",
                           Kind::histogram,
                           "Time from a publication to its arrival here.",
                           {"channel_namespace"},
                           kSecondsOfLag};
constexpr Description kSurveySummary{"centrifugo_node_survey_duration_seconds",
                                     Kind::summary,
                                     "Time to ask all nodes of the cluster.",
                                     {"op"}};
constexpr Description kSurveyHistogram{"centrifugo_node_survey_duration_seconds_histogram",
                                       Kind::histogram,
                                       "Time to ask all nodes of the cluster.",
                                       {"op"},
                                       kSecondsFromMilli};
constexpr Description kTagsFilterDropped{"centrifugo_node_tags_filter_dropped_publications",
                                         Kind::counter,
                                         "Publications that tags filters held back.",
                                         {"channel_namespace"}};
constexpr Description kConnectionLimit{"centrifugo_node_client_connection_limit", Kind::counter,
                                       "Connections refused because of the node's limits of connections."};
constexpr Description kHttpRequests{"centrifugo_node_incoming_http_requests_total",
                                    Kind::counter,
                                    "HTTP requests that came in.",
                                    {"path", "method", "status"}};
constexpr Description kSharedPollChannels{"centrifugo_shared_poll_num_channels", Kind::gauge,
                                          "Shared poll channels."};
constexpr Description kSharedPollKeys{"centrifugo_shared_poll_num_keys", Kind::gauge,
                                      "Keys that shared poll channels follow."};

constexpr std::string_view kMessageTypes[] = {"publication", "join", "leave", "control"};

}  // namespace

Node::Node(Registry& registry)
    : num_clients(registry, kNumClients),
      num_users(registry, kNumUsers),
      num_subscriptions(registry, kNumSubscriptions),
      num_channels(registry, kNumChannels),
      num_nodes(registry, kNumNodes),
      build(registry, kBuild),
      action_count(registry, kActions),
      messages_sent_count(registry, kSent),
      messages_received_count(registry, kReceived),
      broadcast_duration(registry, kBroadcast),
      pub_sub_lag(registry, kLag),
      survey_duration(registry, kSurveySummary, kSurveyHistogram),
      tags_filter_dropped(registry, kTagsFilterDropped),
      client_connection_limit(registry, kConnectionLimit),
      incoming_http_requests(registry, kHttpRequests),
      shared_poll_num_channels(registry, kSharedPollChannels),
      shared_poll_num_keys(registry, kSharedPollKeys) {
  for (std::string_view type : kMessageTypes) {
    messages_sent_count.with(type, "");
    messages_received_count.with(type, "");
  }
}

}  // namespace whirl::metrics
