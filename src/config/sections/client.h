#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/duration.h"
#include "config/sections/proxy.h"
#include "config/sections/token.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// Application-level pings to clients.
struct PingPong {
  Duration ping_interval = Duration::seconds(25);
  Duration pong_timeout = Duration::seconds(8);

  static const Table& table();
};

/// Asking the backend whether a client may connect.
struct ConnectProxy : Proxy {
  bool enabled = false;

  static const Table& table();
};

/// Asking the backend whether a connection may go on when it expires.
struct RefreshProxy : Proxy {
  bool enabled = false;

  static const Table& table();
};

/// Proxies of connection events.
struct ClientProxyContainer {
  ConnectProxy connect;
  RefreshProxy refresh;

  static const Table& table();
};

/// A channel of the user that every connection is subscribed to.
struct SubscribeToUserPersonalChannel {
  bool enabled = false;
  std::string personal_channel_namespace;
  bool single_connection = false;

  static const Table& table();
};

/// One connect error that becomes a disconnect.
struct UniConnectCodeToDisconnectTransform {
  std::uint32_t code = 0;
  TransformDisconnect to;

  static const Table& table();
};

/// Connect errors as disconnects, for unidirectional transports.
struct ConnectCodeToUnidirectionalDisconnect {
  bool enabled = false;
  std::vector<UniConnectCodeToDisconnectTransform> transforms;

  static const Table& table();
};

/// Client connections: who may connect, how long, how much.
struct Client : PingPong {
  ClientProxyContainer proxy;
  std::vector<std::string> allowed_origins;
  Token token;
  SubscriptionToken subscription_token;
  bool allow_anonymous_connect_without_token = false;
  bool disallow_anonymous_connection_tokens = false;
  Duration expired_close_delay = Duration::seconds(25);
  Duration expired_sub_close_delay = Duration::seconds(25);
  Duration stale_close_delay = Duration::seconds(10);
  std::int64_t channel_limit = 128;
  std::int64_t queue_max_size = 1048576;
  Duration presence_update_interval = Duration::seconds(27);
  std::int64_t concurrency = 0;
  Duration channel_position_check_delay = Duration::seconds(40);
  Duration channel_position_max_time_lag;
  std::int64_t connection_limit = 0;
  std::int64_t user_connection_limit = 0;
  std::int64_t connection_rate_limit = 0;
  bool connect_include_server_time = false;
  std::int64_t history_max_publication_limit = 300;
  std::int64_t recovery_max_publication_limit = 300;
  bool insecure_skip_token_signature_verify = false;
  std::string user_id_http_header;
  bool insecure = false;
  SubscribeToUserPersonalChannel subscribe_to_user_personal_channel;
  ConnectCodeToUnidirectionalDisconnect connect_code_to_unidirectional_disconnect;

  static const Table& table();
};

}  // namespace whirl::config
