#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/proxy.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Map subscriptions (keyed state) of a namespace.
struct MapConfig {
  std::string mode;
  Duration key_ttl;
  std::int64_t stream_size = 0;
  Duration stream_ttl;
  Duration meta_ttl;
  bool remove_client_on_unsubscribe = false;
  std::string client_key;
  bool allow_publish_for_client = false;
  bool allow_publish_for_subscriber = false;
  bool allow_publish_for_anonymous = false;
  bool allow_remove_for_client = false;
  bool allow_remove_for_subscriber = false;
  bool allow_remove_for_anonymous = false;
  bool publish_proxy_enabled = false;
  std::string publish_proxy_name = "default";
  bool remove_proxy_enabled = false;
  std::string remove_proxy_name = "default";
  std::int64_t default_page_size = 0;
  std::int64_t min_page_size = 0;
  std::int64_t max_page_size = 0;
  std::int64_t live_transition_max_publication_limit = 0;
  Duration subscribe_catch_up_timeout;

  static const Table& table();
};

/// Shared poll subscriptions of a namespace.
struct SharedPollConfig {
  std::string proxy_name;
  Duration refresh_interval;
  std::int64_t refresh_batch_size = 0;
  std::int64_t max_keys_per_connection = 0;
  std::string mode;
  Duration channel_shutdown_delay;
  Duration track_expired_extra_delay;
  bool publish_enabled = false;

  static const Table& table();
};

/// Which engines keep a channel, if not the server's.
struct ChannelEngines {
  std::string broker_name;
  std::string presence_manager_name;

  static const Table& table();
};

/// What may be done with a channel and what is kept of it; of a namespace, or of channels without one.
struct ChannelOptions : ChannelEngines {
  bool presence = false;
  bool join_leave = false;
  bool force_push_join_leave = false;
  std::string map_clients_presence_channel_prefix;
  std::string map_users_presence_channel_prefix;
  std::int64_t history_size = 0;
  Duration history_ttl;
  Duration history_meta_ttl;
  bool force_positioning = false;
  bool allow_positioning = false;
  bool force_recovery = false;
  bool allow_recovery = false;
  std::string force_recovery_mode;
  bool auto_cache_recover = false;
  std::vector<std::string> allowed_delta_types;
  bool allow_tags_filter = false;
  bool delta_publish = false;
  bool allow_subscribe_for_anonymous = false;
  bool allow_subscribe_for_client = false;
  bool allow_publish_for_anonymous = false;
  bool allow_publish_for_subscriber = false;
  bool allow_publish_for_client = false;
  bool allow_presence_for_anonymous = false;
  bool allow_presence_for_subscriber = false;
  bool allow_presence_for_client = false;
  bool allow_history_for_anonymous = false;
  bool allow_history_for_subscriber = false;
  bool allow_history_for_client = false;
  bool allow_user_limited_channels = false;
  std::string channel_regex;
  std::string publication_data_format;
  bool subscribe_proxy_enabled = false;
  std::string subscribe_proxy_name = "default";
  bool publish_proxy_enabled = false;
  std::string publish_proxy_name = "default";
  bool sub_refresh_proxy_enabled = false;
  std::string sub_refresh_proxy_name = "default";
  bool subscribe_stream_proxy_enabled = false;
  std::string subscribe_stream_proxy_name = "default";
  bool subscribe_stream_proxy_bidirectional = false;
  std::string subscription_type;
  MapConfig map;
  SharedPollConfig shared_poll;

  static const Table& table();
};

/// Options of all channels whose name starts with the name of the namespace.
struct ChannelNamespace : ChannelOptions {
  std::string name;

  static const Table& table();
};

/// Default proxies of channel events.
struct ChannelProxyContainer {
  Proxy subscribe;
  Proxy publish;
  Proxy sub_refresh;
  Proxy subscribe_stream;
  Proxy map_publish;
  Proxy map_remove;
  Proxy shared_poll_refresh;

  static const Table& table();
};

/// How channel names are read, and the options of channels.
struct Channel {
  ChannelProxyContainer proxy;
  ChannelOptions without_namespace;
  std::vector<ChannelNamespace> namespaces;
  Duration history_meta_ttl = Duration::hours(720);
  std::string publication_data_format;
  std::int64_t max_length = 255;
  std::string private_prefix = "$";
  std::string namespace_boundary = ":";
  std::string user_boundary = "#";
  std::string user_separator = ",";

  static const Table& table();
};

/// Shared poll subscriptions of the whole server.
struct SharedPoll {
  std::string hmac_secret_key;
  std::string hmac_previous_secret_key;
  std::int64_t hmac_previous_secret_key_valid_until = 0;
  std::int64_t concurrency_limit = 0;

  static const Table& table();
};

}  // namespace whirl::config
