#include "config/sections/channel.h"

#include "config/table.h"

namespace whirl::config {

const Table& MapConfig::table() {
  static const Row<MapConfig> rows[] = {
      {"mode", &MapConfig::mode, "How state is kept: `ephemeral`, `recoverable` or `persistent`."},
      {"key_ttl", &MapConfig::key_ttl, "How long a key stays without being published again."},
      {"stream_size", &MapConfig::stream_size, "Most changes kept for recovery."},
      {"stream_ttl", &MapConfig::stream_ttl, "How long changes are kept for recovery."},
      {"meta_ttl", &MapConfig::meta_ttl, "How long the position of the stream is remembered."},
      {"remove_client_on_unsubscribe", &MapConfig::remove_client_on_unsubscribe,
       "Removes the client's key when it unsubscribes."},
      {"client_key", &MapConfig::client_key,
       "Key that publications of clients get: `client_id` or `user_id`; empty means the one they ask for."},
      {"allow_publish_for_client", &MapConfig::allow_publish_for_client, "Every client may publish."},
      {"allow_publish_for_subscriber", &MapConfig::allow_publish_for_subscriber, "Subscribers may publish."},
      {"allow_publish_for_anonymous", &MapConfig::allow_publish_for_anonymous,
       "Clients without a user ID may publish too."},
      {"allow_remove_for_client", &MapConfig::allow_remove_for_client, "Every client may remove keys."},
      {"allow_remove_for_subscriber", &MapConfig::allow_remove_for_subscriber,
       "Subscribers may remove keys."},
      {"allow_remove_for_anonymous", &MapConfig::allow_remove_for_anonymous,
       "Clients without a user ID may remove keys too."},
      {"publish_proxy_enabled", &MapConfig::publish_proxy_enabled, "Asks the backend about publications."},
      {"publish_proxy_name", &MapConfig::publish_proxy_name, "Proxy to ask."},
      {"remove_proxy_enabled", &MapConfig::remove_proxy_enabled, "Asks the backend about removals."},
      {"remove_proxy_name", &MapConfig::remove_proxy_name, "Proxy to ask."},
      {"default_page_size", &MapConfig::default_page_size,
       "Keys in a page if the client does not say; 0 means the server's choice."},
      {"min_page_size", &MapConfig::min_page_size,
       "Fewest keys that a client may ask for in a page; 0 means the server's choice."},
      {"max_page_size", &MapConfig::max_page_size,
       "Most keys that a client may ask for in a page; 0 means the server's choice."},
      {"live_transition_max_publication_limit", &MapConfig::live_transition_max_publication_limit,
       "Most changes that may be missed between the last page and live; 0 means the server's choice."},
      {"subscribe_catch_up_timeout", &MapConfig::subscribe_catch_up_timeout,
       "Longest time from the first page to live; 0 means the server's choice."},
  };
  static const Table table("MapConfig", rows);
  return table;
}

const Table& SharedPollConfig::table() {
  static const Row<SharedPollConfig> rows[] = {
      {"proxy_name", &SharedPollConfig::proxy_name, "Proxy that is polled; empty means the default one."},
      {"refresh_interval", &SharedPollConfig::refresh_interval, "How often the backend is polled."},
      {"refresh_batch_size", &SharedPollConfig::refresh_batch_size, "Most keys in one poll."},
      {"max_keys_per_connection", &SharedPollConfig::max_keys_per_connection,
       "Most keys that a connection may follow."},
      {"mode", &SharedPollConfig::mode, "How changes are recognized: `versionless` or `versioned`."},
      {"channel_shutdown_delay", &SharedPollConfig::channel_shutdown_delay,
       "How long polling goes on after the last subscriber left."},
      {"track_expired_extra_delay", &SharedPollConfig::track_expired_extra_delay,
       "How long a key is followed after its token expired."},
      {"publish_enabled", &SharedPollConfig::publish_enabled,
       "Accepts publications between polls; needs the mode `versioned`."},
  };
  static const Table table("SharedPollConfig", rows);
  return table;
}

const Table& ChannelEngines::table() {
  static const Row<ChannelEngines> rows[] = {
      {"broker_name", &ChannelEngines::broker_name,
       "The one of `brokers` that carries the publications; empty means the server's.", kOwn},
      {"presence_manager_name", &ChannelEngines::presence_manager_name,
       "The one of `presence_managers` that keeps presence; empty means the server's.", kOwn},
  };
  static const Table table("ChannelEngines", rows);
  return table;
}

const Table& ChannelOptions::table() {
  static const Row<ChannelOptions> rows[] = {
      {"presence", &ChannelOptions::presence, "Keeps who is subscribed."},
      {"join_leave", &ChannelOptions::join_leave, "Makes join and leave messages."},
      {"force_push_join_leave", &ChannelOptions::force_push_join_leave,
       "Sends them to every subscriber, asked for or not."},
      {"map_clients_presence_channel_prefix", &ChannelOptions::map_clients_presence_channel_prefix,
       "Keeps the clients of a channel as a map channel, whose name starts with this."},
      {"map_users_presence_channel_prefix", &ChannelOptions::map_users_presence_channel_prefix,
       "Keeps the users of a channel as a map channel, whose name starts with this."},
      {"history_size", &ChannelOptions::history_size, "Most publications kept; needs `history_ttl`."},
      {"history_ttl", &ChannelOptions::history_ttl,
       "How long publications are kept, in whole seconds; needs `history_size`."},
      {"history_meta_ttl", &ChannelOptions::history_meta_ttl,
       "How long the position of the history is remembered, in whole seconds; 0 means "
       "`channel.history_meta_ttl`."},
      {"force_positioning", &ChannelOptions::force_positioning, "Checks the position of every subscription."},
      {"allow_positioning", &ChannelOptions::allow_positioning,
       "Checks the position where a client asks for it."},
      {"force_recovery", &ChannelOptions::force_recovery,
       "Every subscription recovers missed publications; needs history."},
      {"allow_recovery", &ChannelOptions::allow_recovery,
       "Subscriptions recover missed publications where a client asks for it."},
      {"force_recovery_mode", &ChannelOptions::force_recovery_mode,
       "What is recovered: `stream` (all that was missed) or `cache` (the latest publication)."},
      {"auto_cache_recover", &ChannelOptions::auto_cache_recover,
       "Sends the latest publication to every new subscriber; needs forced recovery in the mode `cache`."},
      {"allowed_delta_types", &ChannelOptions::allowed_delta_types,
       "Delta formats that clients may ask for: `fossil`."},
      {"allow_tags_filter", &ChannelOptions::allow_tags_filter, "Lets clients filter publications by tags."},
      {"delta_publish", &ChannelOptions::delta_publish,
       "Makes every publication a delta where a subscriber wants it."},
      {"allow_subscribe_for_anonymous", &ChannelOptions::allow_subscribe_for_anonymous,
       "Clients without a user ID may subscribe too."},
      {"allow_subscribe_for_client", &ChannelOptions::allow_subscribe_for_client,
       "Every client may subscribe."},
      {"allow_publish_for_anonymous", &ChannelOptions::allow_publish_for_anonymous,
       "Clients without a user ID may publish too."},
      {"allow_publish_for_subscriber", &ChannelOptions::allow_publish_for_subscriber,
       "Subscribers may publish."},
      {"allow_publish_for_client", &ChannelOptions::allow_publish_for_client, "Every client may publish."},
      {"allow_presence_for_anonymous", &ChannelOptions::allow_presence_for_anonymous,
       "Clients without a user ID may see presence too."},
      {"allow_presence_for_subscriber", &ChannelOptions::allow_presence_for_subscriber,
       "Subscribers may see presence."},
      {"allow_presence_for_client", &ChannelOptions::allow_presence_for_client,
       "Every client may see presence."},
      {"allow_history_for_anonymous", &ChannelOptions::allow_history_for_anonymous,
       "Clients without a user ID may read history too."},
      {"allow_history_for_subscriber", &ChannelOptions::allow_history_for_subscriber,
       "Subscribers may read history."},
      {"allow_history_for_client", &ChannelOptions::allow_history_for_client, "Clients may read history."},
      {"allow_user_limited_channels", &ChannelOptions::allow_user_limited_channels,
       "Users named after `#` in the channel may subscribe."},
      {"channel_regex", &ChannelOptions::channel_regex,
       "Regular expression that the name after the namespace must match."},
      {"publication_data_format", &ChannelOptions::publication_data_format,
       "What publications must be: `json`, `json_object` or `binary`; empty means "
       "`channel.publication_data_format`."},
      {"subscribe_proxy_enabled", &ChannelOptions::subscribe_proxy_enabled,
       "Asks the backend about subscriptions."},
      {"subscribe_proxy_name", &ChannelOptions::subscribe_proxy_name, "Proxy to ask."},
      {"publish_proxy_enabled", &ChannelOptions::publish_proxy_enabled,
       "Asks the backend about publications of clients."},
      {"publish_proxy_name", &ChannelOptions::publish_proxy_name, "Proxy to ask."},
      {"sub_refresh_proxy_enabled", &ChannelOptions::sub_refresh_proxy_enabled,
       "Asks the backend when a subscription expires."},
      {"sub_refresh_proxy_name", &ChannelOptions::sub_refresh_proxy_name, "Proxy to ask."},
      {"subscribe_stream_proxy_enabled", &ChannelOptions::subscribe_stream_proxy_enabled,
       "Opens a stream from the backend for every subscription."},
      {"subscribe_stream_proxy_name", &ChannelOptions::subscribe_stream_proxy_name, "Proxy to stream from."},
      {"subscribe_stream_proxy_bidirectional", &ChannelOptions::subscribe_stream_proxy_bidirectional,
       "Passes publications of the client to the stream."},
      {"subscription_type", &ChannelOptions::subscription_type,
       "Kind of subscription: `stream` (the default), `map`, `map_clients`, `map_users` or `shared_poll`."},
      Base<ChannelEngines>{},
      {"map", &ChannelOptions::map, "Map subscriptions."},
      {"shared_poll", &ChannelOptions::shared_poll, "Shared poll subscriptions."},
  };
  static const Table table("ChannelOptions", rows);
  return table;
}

const Table& ChannelNamespace::table() {
  static const Row<ChannelNamespace> rows[] = {
      {"name", &ChannelNamespace::name, "Name, unique: at least two letters, digits, `-`, `_` or `.`."},
      Base<ChannelOptions>{},
  };
  static const Table table("ChannelNamespace", rows);
  return table;
}

const Table& ChannelProxyContainer::table() {
  static const Row<ChannelProxyContainer> rows[] = {
      {"subscribe", &ChannelProxyContainer::subscribe, "Asks whether a client may subscribe."},
      {"publish", &ChannelProxyContainer::publish, "Asks whether a client may publish."},
      {"sub_refresh", &ChannelProxyContainer::sub_refresh, "Asks whether a subscription may go on."},
      {"subscribe_stream", &ChannelProxyContainer::subscribe_stream,
       "Streams publications of a subscription."},
      {"map_publish", &ChannelProxyContainer::map_publish, "Asks whether a client may publish a key."},
      {"map_remove", &ChannelProxyContainer::map_remove, "Asks whether a client may remove a key."},
      {"shared_poll_refresh", &ChannelProxyContainer::shared_poll_refresh, "Fetches the values of keys."},
  };
  static const Table table("ChannelProxyContainer", rows);
  return table;
}

const Table& Channel::table() {
  static const Row<Channel> rows[] = {
      {"proxy", &Channel::proxy,
       "Calls to the backend about channels; namespaces use them by the name `default`."},
      {"without_namespace", &Channel::without_namespace, "Options of channels that have no namespace."},
      {"namespaces", &Channel::namespaces, "List of namespaces."},
      {"history_meta_ttl", &Channel::history_meta_ttl,
       "How long the position of a history is remembered, in whole seconds."},
      {"publication_data_format", &Channel::publication_data_format,
       "What publications must be: `json`, `json_object` or `binary`; empty means anything valid in the "
       "client's protocol."},
      {"max_length", &Channel::max_length, "Longest name of a channel, in bytes."},
      {"private_prefix", &Channel::private_prefix,
       "Channels that start with this always need a subscription token."},
      {"namespace_boundary", &Channel::namespace_boundary, "What ends the name of the namespace."},
      {"user_boundary", &Channel::user_boundary,
       "What starts the list of users that a channel is limited to."},
      {"user_separator", &Channel::user_separator, "What separates the users in that list."},
  };
  static const Table table("Channel", rows);
  return table;
}

const Table& SharedPoll::table() {
  static const Row<SharedPoll> rows[] = {
      {"hmac_secret_key", &SharedPoll::hmac_secret_key, "Key of the signatures of keys to follow.", kSecret},
      {"hmac_previous_secret_key", &SharedPoll::hmac_previous_secret_key,
       "Former key, accepted beside the current one while keys are exchanged.", kSecret},
      {"hmac_previous_secret_key_valid_until", &SharedPoll::hmac_previous_secret_key_valid_until,
       "Unix time in seconds from which on the former key is refused; 0 means no end."},
      {"concurrency_limit", &SharedPoll::concurrency_limit, "Most polls at a time; 0 means no limit."},
  };
  static const Table table("SharedPoll", rows);
  return table;
}

}  // namespace whirl::config
