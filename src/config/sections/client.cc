#include "config/sections/client.h"

#include "config/table.h"

namespace whirl::config {

const Table& PingPong::table() {
  static const Row<PingPong> rows[] = {
      {"ping_interval", &PingPong::ping_interval, "Time between pings to a client."},
      {"pong_timeout", &PingPong::pong_timeout,
       "Time to wait for the pong; must be less than `ping_interval`."},
  };
  static const Table table("PingPong", rows);
  return table;
}

const Table& ConnectProxy::table() {
  static const Row<ConnectProxy> rows[] = {
      {"enabled", &ConnectProxy::enabled, "Asks the backend about every connect."},
      Base<Proxy>{},
  };
  static const Table table("ConnectProxy", rows);
  return table;
}

const Table& RefreshProxy::table() {
  static const Row<RefreshProxy> rows[] = {
      {"enabled", &RefreshProxy::enabled, "Asks the backend when a connection expires."},
      Base<Proxy>{},
  };
  static const Table table("RefreshProxy", rows);
  return table;
}

const Table& ClientProxyContainer::table() {
  static const Row<ClientProxyContainer> rows[] = {
      {"connect", &ClientProxyContainer::connect, "Asks whether a client may connect."},
      {"refresh", &ClientProxyContainer::refresh, "Asks whether a connection may go on."},
  };
  static const Table table("ClientProxyContainer", rows);
  return table;
}

const Table& SubscribeToUserPersonalChannel::table() {
  static const Row<SubscribeToUserPersonalChannel> rows[] = {
      {"enabled", &SubscribeToUserPersonalChannel::enabled,
       "Subscribes every connection to the channel of its user."},
      {"personal_channel_namespace", &SubscribeToUserPersonalChannel::personal_channel_namespace,
       "Namespace of these channels; empty means none."},
      {"single_connection", &SubscribeToUserPersonalChannel::single_connection,
       "Closes older connections of the user; needs `presence` there."},
  };
  static const Table table("SubscribeToUserPersonalChannel", rows);
  return table;
}

const Table& UniConnectCodeToDisconnectTransform::table() {
  static const Row<UniConnectCodeToDisconnectTransform> rows[] = {
      {"code", &UniConnectCodeToDisconnectTransform::code, "Error code of the connect."},
      {"to", &UniConnectCodeToDisconnectTransform::to, "Disconnect to send."},
  };
  static const Table table("UniConnectCodeToDisconnectTransform", rows);
  return table;
}

const Table& ConnectCodeToUnidirectionalDisconnect::table() {
  static const Row<ConnectCodeToUnidirectionalDisconnect> rows[] = {
      {"enabled", &ConnectCodeToUnidirectionalDisconnect::enabled, "Turns the transforms on."},
      {"transforms", &ConnectCodeToUnidirectionalDisconnect::transforms, "List of the transforms."},
  };
  static const Table table("ConnectCodeToUnidirectionalDisconnect", rows);
  return table;
}

const Table& Client::table() {
  static const Row<Client> rows[] = {
      {"proxy", &Client::proxy, "Calls to the backend about connections."},
      {"allowed_origins", &Client::allowed_origins,
       "Values of the `Origin` header that may connect, with `*` as a wildcard; requests without the header "
       "always may."},
      {"token", &Client::token, "Connection tokens."},
      {"subscription_token", &Client::subscription_token, "Subscription tokens."},
      {"allow_anonymous_connect_without_token", &Client::allow_anonymous_connect_without_token,
       "Lets clients connect without a token; their user ID is empty."},
      {"disallow_anonymous_connection_tokens", &Client::disallow_anonymous_connection_tokens,
       "Refuses tokens with an empty user ID."},
      Base<PingPong>{},
      {"expired_close_delay", &Client::expired_close_delay,
       "Time that a client has to refresh an expired connection."},
      {"expired_sub_close_delay", &Client::expired_sub_close_delay,
       "Time that a client has to refresh an expired subscription."},
      {"stale_close_delay", &Client::stale_close_delay,
       "Time that a client has to authenticate after it connected."},
      {"channel_limit", &Client::channel_limit, "Most channels that one connection may be subscribed to."},
      {"queue_max_size", &Client::queue_max_size,
       "Most bytes that may wait for a slow client before it is disconnected."},
      {"presence_update_interval", &Client::presence_update_interval,
       "How often presence is refreshed, and expiry and stream position are checked."},
      {"concurrency", &Client::concurrency,
       "How many commands of one client are handled at a time; 0 means one after another."},
      {"channel_position_check_delay", &Client::channel_position_check_delay,
       "How long the position of a subscription may go unchecked."},
      {"channel_position_max_time_lag", &Client::channel_position_max_time_lag,
       "Largest delay of publications before a subscription counts as having lost its position; 0 means no "
       "check."},
      {"connection_limit", &Client::connection_limit, "Most connections of this node; 0 means no limit."},
      {"user_connection_limit", &Client::user_connection_limit,
       "Most connections of a user to this node; 0 means no limit."},
      {"connection_rate_limit", &Client::connection_rate_limit,
       "Most new connections to this node in a second; 0 means no limit."},
      {"connect_include_server_time", &Client::connect_include_server_time,
       "Adds the server's time to connect results."},
      {"history_max_publication_limit", &Client::history_max_publication_limit,
       "Most publications in one answer to a client's history command."},
      {"recovery_max_publication_limit", &Client::recovery_max_publication_limit,
       "Most publications that a subscription recovers."},
      {"insecure_skip_token_signature_verify", &Client::insecure_skip_token_signature_verify,
       "Believes tokens without looking at the signature. For tests only."},
      {"user_id_http_header", &Client::user_id_http_header,
       "Header that a trusted reverse proxy puts the user ID in."},
      {"insecure", &Client::insecure,
       "Lets everybody connect without a token, and do everything. For development only."},
      {"subscribe_to_user_personal_channel", &Client::subscribe_to_user_personal_channel,
       "Subscribing connections to a channel of their user."},
      {"connect_code_to_unidirectional_disconnect", &Client::connect_code_to_unidirectional_disconnect,
       "Connect errors as disconnects."},
  };
  static const Table table("Client", rows);
  return table;
}

}  // namespace whirl::config
