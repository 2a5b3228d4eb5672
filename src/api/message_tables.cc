#include "api/messages.h"
#include "codec/table.h"

/// One table per message of messages.h; the only place where a field is named.
namespace whirl::codec {

template <>
struct Schema<api::Error> {
  using M = api::Error;
  static constexpr auto fields = std::tuple{field<1>("code", &M::code), field<2>("message", &M::message)};
};

template <>
struct Schema<api::StreamPosition> {
  using M = api::StreamPosition;
  static constexpr auto fields = std::tuple{field<1>("offset", &M::offset), field<2>("epoch", &M::epoch)};
};

template <>
struct Schema<api::ClientInfo> {
  using M = api::ClientInfo;
  static constexpr auto fields =
      std::tuple{field<1>("user", &M::user, Trait::always), field<2>("client", &M::client, Trait::always),
                 field<3>("conn_info", &M::conn_info), field<4>("chan_info", &M::chan_info)};
};

template <>
struct Schema<api::Publication> {
  using M = api::Publication;
  static constexpr auto fields = std::tuple{field<2>("data", &M::data), field<3>("info", &M::info),
                                            field<4>("offset", &M::offset), field<5>("tags", &M::tags)};
};

template <>
struct Schema<api::BoolValue> {
  using M = api::BoolValue;
  static constexpr auto fields = std::tuple{field<1>("value", &M::value)};
};

template <>
struct Schema<api::PublishRequest> {
  using M = api::PublishRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel),
                                            field<2>("data", &M::data),
                                            field<3>("b64data", &M::b64data),
                                            field<4>("skip_history", &M::skip_history),
                                            field<5>("tags", &M::tags),
                                            field<6>("idempotency_key", &M::idempotency_key),
                                            field<7>("delta", &M::delta),
                                            field<8>("version", &M::version),
                                            field<9>("version_epoch", &M::version_epoch)};
};

template <>
struct Schema<api::PublishResult> {
  using M = api::PublishResult;
  static constexpr auto fields = std::tuple{field<1>("offset", &M::offset), field<2>("epoch", &M::epoch)};
};

template <>
struct Schema<api::PublishResponse> {
  using M = api::PublishResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::BroadcastRequest> {
  using M = api::BroadcastRequest;
  static constexpr auto fields = std::tuple{field<1>("channels", &M::channels),
                                            field<2>("data", &M::data),
                                            field<3>("b64data", &M::b64data),
                                            field<4>("skip_history", &M::skip_history),
                                            field<5>("tags", &M::tags),
                                            field<6>("idempotency_key", &M::idempotency_key),
                                            field<7>("delta", &M::delta),
                                            field<8>("version", &M::version),
                                            field<9>("version_epoch", &M::version_epoch)};
};

template <>
struct Schema<api::BroadcastResult> {
  using M = api::BroadcastResult;
  static constexpr auto fields = std::tuple{field<1>("responses", &M::responses)};
};

template <>
struct Schema<api::BroadcastResponse> {
  using M = api::BroadcastResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::SubscribeOptionOverride> {
  using M = api::SubscribeOptionOverride;
  static constexpr auto fields = std::tuple{
      field<1>("presence", &M::presence), field<2>("join_leave", &M::join_leave),
      field<3>("force_recovery", &M::force_recovery), field<4>("force_positioning", &M::force_positioning),
      field<5>("force_push_join_leave", &M::force_push_join_leave)};
};

template <>
struct Schema<api::SubscribeRequest> {
  using M = api::SubscribeRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel),
                                            field<2>("user", &M::user),
                                            field<3>("expire_at", &M::expire_at),
                                            field<4>("info", &M::info),
                                            field<5>("b64info", &M::b64info),
                                            field<6>("client", &M::client),
                                            field<7>("data", &M::data),
                                            field<8>("b64data", &M::b64data),
                                            field<9>("recover_since", &M::recover_since),
                                            field<10>("override", &M::override),
                                            field<11>("session", &M::session)};
};

template <>
struct Schema<api::SubscribeResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<api::SubscribeResponse> {
  using M = api::SubscribeResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::UnsubscribeRequest> {
  using M = api::UnsubscribeRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel), field<2>("user", &M::user),
                                            field<3>("client", &M::client), field<4>("session", &M::session)};
};

template <>
struct Schema<api::UnsubscribeResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<api::UnsubscribeResponse> {
  using M = api::UnsubscribeResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::Disconnect> {
  using M = api::Disconnect;
  static constexpr auto fields = std::tuple{field<1>("code", &M::code), field<2>("reason", &M::reason)};
};

template <>
struct Schema<api::DisconnectRequest> {
  using M = api::DisconnectRequest;
  static constexpr auto fields = std::tuple{
      field<1>("user", &M::user), field<2>("disconnect", &M::disconnect), field<3>("client", &M::client),
      field<4>("whitelist", &M::whitelist), field<5>("session", &M::session)};
};

template <>
struct Schema<api::DisconnectResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<api::DisconnectResponse> {
  using M = api::DisconnectResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::RefreshRequest> {
  using M = api::RefreshRequest;
  static constexpr auto fields = std::tuple{
      field<1>("user", &M::user),           field<2>("client", &M::client), field<3>("expired", &M::expired),
      field<4>("expire_at", &M::expire_at), field<5>("info", &M::info),     field<6>("session", &M::session)};
};

template <>
struct Schema<api::RefreshResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<api::RefreshResponse> {
  using M = api::RefreshResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::PresenceRequest> {
  using M = api::PresenceRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel)};
};

template <>
struct Schema<api::PresenceResult> {
  using M = api::PresenceResult;
  static constexpr auto fields = std::tuple{field<1>("presence", &M::presence, Trait::always)};
};

template <>
struct Schema<api::PresenceResponse> {
  using M = api::PresenceResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::PresenceStatsRequest> {
  using M = api::PresenceStatsRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel)};
};

template <>
struct Schema<api::PresenceStatsResult> {
  using M = api::PresenceStatsResult;
  static constexpr auto fields = std::tuple{field<1>("num_clients", &M::num_clients, Trait::always),
                                            field<2>("num_users", &M::num_users, Trait::always)};
};

template <>
struct Schema<api::PresenceStatsResponse> {
  using M = api::PresenceStatsResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::HistoryRequest> {
  using M = api::HistoryRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel), field<2>("limit", &M::limit),
                                            field<3>("since", &M::since), field<4>("reverse", &M::reverse)};
};

template <>
struct Schema<api::HistoryResult> {
  using M = api::HistoryResult;
  static constexpr auto fields =
      std::tuple{field<1>("publications", &M::publications, Trait::always),
                 field<2>("epoch", &M::epoch, Trait::always), field<3>("offset", &M::offset, Trait::always)};
};

template <>
struct Schema<api::HistoryResponse> {
  using M = api::HistoryResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::HistoryRemoveRequest> {
  using M = api::HistoryRemoveRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel)};
};

template <>
struct Schema<api::HistoryRemoveResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<api::HistoryRemoveResponse> {
  using M = api::HistoryRemoveResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::ChannelsRequest> {
  using M = api::ChannelsRequest;
  static constexpr auto fields = std::tuple{field<1>("pattern", &M::pattern)};
};

template <>
struct Schema<api::ChannelInfo> {
  using M = api::ChannelInfo;
  static constexpr auto fields = std::tuple{field<1>("num_clients", &M::num_clients)};
};

template <>
struct Schema<api::ChannelsResult> {
  using M = api::ChannelsResult;
  static constexpr auto fields = std::tuple{field<1>("channels", &M::channels, Trait::always)};
};

template <>
struct Schema<api::ChannelsResponse> {
  using M = api::ChannelsResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::InfoRequest> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<api::Metrics> {
  using M = api::Metrics;
  static constexpr auto fields = std::tuple{field<1>("interval", &M::interval), field<2>("items", &M::items)};
};

template <>
struct Schema<api::Process> {
  using M = api::Process;
  static constexpr auto fields = std::tuple{field<1>("cpu", &M::cpu), field<2>("rss", &M::rss)};
};

template <>
struct Schema<api::NodeResult> {
  using M = api::NodeResult;
  static constexpr auto fields = std::tuple{field<1>("uid", &M::uid, Trait::always),
                                            field<2>("name", &M::name, Trait::always),
                                            field<3>("version", &M::version, Trait::always),
                                            field<4>("num_clients", &M::num_clients, Trait::always),
                                            field<5>("num_users", &M::num_users, Trait::always),
                                            field<6>("num_channels", &M::num_channels, Trait::always),
                                            field<7>("uptime", &M::uptime),
                                            field<8>("metrics", &M::metrics),
                                            field<9>("process", &M::process),
                                            field<10>("num_subs", &M::num_subs, Trait::always)};
};

template <>
struct Schema<api::InfoResult> {
  using M = api::InfoResult;
  static constexpr auto fields = std::tuple{field<1>("nodes", &M::nodes)};
};

template <>
struct Schema<api::InfoResponse> {
  using M = api::InfoResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::RPCRequest> {
  using M = api::RPCRequest;
  static constexpr auto fields = std::tuple{field<1>("method", &M::method), field<2>("params", &M::params)};
};

template <>
struct Schema<api::RPCResult> {
  using M = api::RPCResult;
  static constexpr auto fields = std::tuple{field<1>("data", &M::data)};
};

template <>
struct Schema<api::RPCResponse> {
  using M = api::RPCResponse;
  static constexpr auto fields = std::tuple{field<1>("error", &M::error), field<2>("result", &M::result)};
};

template <>
struct Schema<api::Command> {
  using M = api::Command;
  static constexpr auto fields = std::tuple{field<4>("publish", &M::publish),
                                            field<5>("broadcast", &M::broadcast),
                                            field<6>("subscribe", &M::subscribe),
                                            field<7>("unsubscribe", &M::unsubscribe),
                                            field<8>("disconnect", &M::disconnect),
                                            field<9>("presence", &M::presence),
                                            field<10>("presence_stats", &M::presence_stats),
                                            field<11>("history", &M::history),
                                            field<12>("history_remove", &M::history_remove),
                                            field<13>("info", &M::info),
                                            field<14>("rpc", &M::rpc),
                                            field<15>("refresh", &M::refresh),
                                            field<16>("channels", &M::channels)};
};

template <>
struct Schema<api::Reply> {
  using M = api::Reply;
  static constexpr auto fields = std::tuple{field<2>("error", &M::error),
                                            field<4>("publish", &M::publish),
                                            field<5>("broadcast", &M::broadcast),
                                            field<6>("subscribe", &M::subscribe),
                                            field<7>("unsubscribe", &M::unsubscribe),
                                            field<8>("disconnect", &M::disconnect),
                                            field<9>("presence", &M::presence),
                                            field<10>("presence_stats", &M::presence_stats),
                                            field<11>("history", &M::history),
                                            field<12>("history_remove", &M::history_remove),
                                            field<13>("info", &M::info),
                                            field<14>("rpc", &M::rpc),
                                            field<15>("refresh", &M::refresh),
                                            field<16>("channels", &M::channels)};
};

template <>
struct Schema<api::BatchRequest> {
  using M = api::BatchRequest;
  static constexpr auto fields =
      std::tuple{field<1>("commands", &M::commands), field<2>("parallel", &M::parallel)};
};

template <>
struct Schema<api::BatchResponse> {
  using M = api::BatchResponse;
  static constexpr auto fields = std::tuple{field<1>("replies", &M::replies)};
};

/// `{"method": …, "params": …}` exists in JSON only; the numbers are nobody's.
template <>
struct Schema<api::MethodCall> {
  using M = api::MethodCall;
  static constexpr auto fields =
      std::tuple{field<1>("id", &M::id), field<2>("method", &M::method), field<3>("params", &M::params)};
};

template <>
struct Schema<api::MethodReply> {
  using M = api::MethodReply;
  static constexpr auto fields =
      std::tuple{field<1>("id", &M::id), field<2>("error", &M::error), field<3>("result", &M::result)};
};

template const Table& table<api::Error>();
template const Table& table<api::StreamPosition>();
template const Table& table<api::ClientInfo>();
template const Table& table<api::Publication>();
template const Table& table<api::BoolValue>();
template const Table& table<api::PublishRequest>();
template const Table& table<api::PublishResult>();
template const Table& table<api::PublishResponse>();
template const Table& table<api::BroadcastRequest>();
template const Table& table<api::BroadcastResult>();
template const Table& table<api::BroadcastResponse>();
template const Table& table<api::SubscribeOptionOverride>();
template const Table& table<api::SubscribeRequest>();
template const Table& table<api::SubscribeResult>();
template const Table& table<api::SubscribeResponse>();
template const Table& table<api::UnsubscribeRequest>();
template const Table& table<api::UnsubscribeResult>();
template const Table& table<api::UnsubscribeResponse>();
template const Table& table<api::Disconnect>();
template const Table& table<api::DisconnectRequest>();
template const Table& table<api::DisconnectResult>();
template const Table& table<api::DisconnectResponse>();
template const Table& table<api::RefreshRequest>();
template const Table& table<api::RefreshResult>();
template const Table& table<api::RefreshResponse>();
template const Table& table<api::PresenceRequest>();
template const Table& table<api::PresenceResult>();
template const Table& table<api::PresenceResponse>();
template const Table& table<api::PresenceStatsRequest>();
template const Table& table<api::PresenceStatsResult>();
template const Table& table<api::PresenceStatsResponse>();
template const Table& table<api::HistoryRequest>();
template const Table& table<api::HistoryResult>();
template const Table& table<api::HistoryResponse>();
template const Table& table<api::HistoryRemoveRequest>();
template const Table& table<api::HistoryRemoveResult>();
template const Table& table<api::HistoryRemoveResponse>();
template const Table& table<api::ChannelsRequest>();
template const Table& table<api::ChannelInfo>();
template const Table& table<api::ChannelsResult>();
template const Table& table<api::ChannelsResponse>();
template const Table& table<api::InfoRequest>();
template const Table& table<api::Metrics>();
template const Table& table<api::Process>();
template const Table& table<api::NodeResult>();
template const Table& table<api::InfoResult>();
template const Table& table<api::InfoResponse>();
template const Table& table<api::RPCRequest>();
template const Table& table<api::RPCResult>();
template const Table& table<api::RPCResponse>();
template const Table& table<api::Command>();
template const Table& table<api::Reply>();
template const Table& table<api::BatchRequest>();
template const Table& table<api::BatchResponse>();
template const Table& table<api::MethodCall>();
template const Table& table<api::MethodReply>();

}  // namespace whirl::codec
