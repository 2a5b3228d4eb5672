#include "codec/table.h"
#include "protocol/messages.h"

/// One table per message of messages.h; the only place where a field is named.
namespace whirl::codec {

template <>
struct Schema<protocol::Error> {
  using M = protocol::Error;
  static constexpr auto fields = std::tuple{field<1>("code", &M::code), field<2>("message", &M::message),
                                            field<3>("temporary", &M::temporary)};
};

template <>
struct Schema<protocol::EmulationRequest> {
  using M = protocol::EmulationRequest;
  static constexpr auto fields =
      std::tuple{field<1>("node", &M::node), field<2>("session", &M::session), field<3>("data", &M::data)};
};

template <>
struct Schema<protocol::Command> {
  using M = protocol::Command;
  static constexpr auto fields = std::tuple{field<1>("id", &M::id),
                                            field<4>("connect", &M::connect),
                                            field<5>("subscribe", &M::subscribe),
                                            field<6>("unsubscribe", &M::unsubscribe),
                                            field<7>("publish", &M::publish),
                                            field<8>("presence", &M::presence),
                                            field<9>("presence_stats", &M::presence_stats),
                                            field<10>("history", &M::history),
                                            field<11>("ping", &M::ping),
                                            field<12>("send", &M::send),
                                            field<13>("rpc", &M::rpc),
                                            field<14>("refresh", &M::refresh),
                                            field<15>("sub_refresh", &M::sub_refresh)};
};

template <>
struct Schema<protocol::Reply> {
  using M = protocol::Reply;
  static constexpr auto fields = std::tuple{field<1>("id", &M::id),
                                            field<2>("error", &M::error),
                                            field<4>("push", &M::push),
                                            field<5>("connect", &M::connect),
                                            field<6>("subscribe", &M::subscribe),
                                            field<7>("unsubscribe", &M::unsubscribe),
                                            field<8>("publish", &M::publish),
                                            field<9>("presence", &M::presence),
                                            field<10>("presence_stats", &M::presence_stats),
                                            field<11>("history", &M::history),
                                            field<12>("ping", &M::ping),
                                            field<13>("rpc", &M::rpc),
                                            field<14>("refresh", &M::refresh),
                                            field<15>("sub_refresh", &M::sub_refresh)};
};

template <>
struct Schema<protocol::Push> {
  using M = protocol::Push;
  static constexpr auto fields = std::tuple{field<1>("id", &M::id),
                                            field<2>("channel", &M::channel),
                                            field<4>("pub", &M::pub),
                                            field<5>("join", &M::join),
                                            field<6>("leave", &M::leave),
                                            field<7>("unsubscribe", &M::unsubscribe),
                                            field<8>("message", &M::message),
                                            field<9>("subscribe", &M::subscribe),
                                            field<10>("connect", &M::connect),
                                            field<11>("disconnect", &M::disconnect),
                                            field<12>("refresh", &M::refresh)};
};

template <>
struct Schema<protocol::Dictionary> {
  using M = protocol::Dictionary;
  static constexpr auto fields =
      std::tuple{field<1>("id", &M::id), field<2>("data", &M::data), field<3>("data_b64", &M::data_b64)};
};

template <>
struct Schema<protocol::ClientInfo> {
  using M = protocol::ClientInfo;
  static constexpr auto fields =
      std::tuple{field<1>("user", &M::user, Trait::always), field<2>("client", &M::client, Trait::always),
                 field<3>("conn_info", &M::conn_info), field<4>("chan_info", &M::chan_info)};
};

template <>
struct Schema<protocol::Publication> {
  using M = protocol::Publication;
  static constexpr auto fields =
      std::tuple{field<4>("data", &M::data),        field<5>("info", &M::info),
                 field<6>("offset", &M::offset),    field<7>("tags", &M::tags),
                 field<8>("delta", &M::delta),      field<9>("time", &M::time),
                 field<10>("channel", &M::channel), field<11>("key", &M::key),
                 field<12>("removed", &M::removed), field<13>("score", &M::score, Trait::zigzag),
                 field<14>("epoch", &M::epoch),     field<15>("prev_data", &M::prev_data),
                 field<16>("version", &M::version)};
};

template <>
struct Schema<protocol::Join> {
  using M = protocol::Join;
  static constexpr auto fields = std::tuple{field<1>("info", &M::info)};
};

template <>
struct Schema<protocol::Leave> {
  using M = protocol::Leave;
  static constexpr auto fields = std::tuple{field<1>("info", &M::info)};
};

template <>
struct Schema<protocol::Unsubscribe> {
  using M = protocol::Unsubscribe;
  static constexpr auto fields = std::tuple{field<2>("code", &M::code), field<3>("reason", &M::reason)};
};

template <>
struct Schema<protocol::Subscribe> {
  using M = protocol::Subscribe;
  static constexpr auto fields = std::tuple{
      field<1>("recoverable", &M::recoverable), field<4>("epoch", &M::epoch), field<5>("offset", &M::offset),
      field<6>("positioned", &M::positioned), field<7>("data", &M::data)};
};

template <>
struct Schema<protocol::Message> {
  using M = protocol::Message;
  static constexpr auto fields = std::tuple{field<1>("data", &M::data)};
};

template <>
struct Schema<protocol::Connect> {
  using M = protocol::Connect;
  static constexpr auto fields = std::tuple{
      field<1>("client", &M::client), field<2>("version", &M::version), field<3>("data", &M::data),
      field<4>("subs", &M::subs),     field<5>("expires", &M::expires), field<6>("ttl", &M::ttl),
      field<7>("ping", &M::ping),     field<8>("pong", &M::pong),       field<9>("session", &M::session),
      field<10>("node", &M::node),    field<11>("time", &M::time)};
};

template <>
struct Schema<protocol::Disconnect> {
  using M = protocol::Disconnect;
  static constexpr auto fields = std::tuple{field<1>("code", &M::code), field<2>("reason", &M::reason),
                                            field<3>("reconnect", &M::reconnect)};
};

template <>
struct Schema<protocol::Refresh> {
  using M = protocol::Refresh;
  static constexpr auto fields = std::tuple{field<1>("expires", &M::expires), field<2>("ttl", &M::ttl)};
};

template <>
struct Schema<protocol::ConnectRequest> {
  using M = protocol::ConnectRequest;
  static constexpr auto fields = std::tuple{
      field<1>("token", &M::token), field<2>("data", &M::data),       field<3>("subs", &M::subs),
      field<4>("name", &M::name),   field<5>("version", &M::version), field<6>("headers", &M::headers),
      field<7>("flag", &M::flag),   field<9>("profile", &M::profile), field<8>("dict", &M::dict)};
};

template <>
struct Schema<protocol::ConnectResult> {
  using M = protocol::ConnectResult;
  static constexpr auto fields = std::tuple{
      field<1>("client", &M::client), field<2>("version", &M::version), field<3>("expires", &M::expires),
      field<4>("ttl", &M::ttl),       field<5>("data", &M::data),       field<6>("subs", &M::subs),
      field<7>("ping", &M::ping),     field<8>("pong", &M::pong),       field<9>("session", &M::session),
      field<10>("node", &M::node),    field<11>("time", &M::time),      field<12>("flag", &M::flag),
      field<13>("dict", &M::dict)};
};

template <>
struct Schema<protocol::RefreshRequest> {
  using M = protocol::RefreshRequest;
  static constexpr auto fields = std::tuple{field<1>("token", &M::token)};
};

template <>
struct Schema<protocol::RefreshResult> {
  using M = protocol::RefreshResult;
  static constexpr auto fields = std::tuple{field<1>("client", &M::client), field<2>("version", &M::version),
                                            field<3>("expires", &M::expires), field<4>("ttl", &M::ttl)};
};

template <>
struct Schema<protocol::SubscribeRequest> {
  using M = protocol::SubscribeRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel),
                                            field<2>("token", &M::token),
                                            field<3>("recover", &M::recover),
                                            field<6>("epoch", &M::epoch),
                                            field<7>("offset", &M::offset),
                                            field<8>("data", &M::data),
                                            field<9>("positioned", &M::positioned),
                                            field<10>("recoverable", &M::recoverable),
                                            field<11>("join_leave", &M::join_leave),
                                            field<12>("delta", &M::delta),
                                            field<13>("tf", &M::tf),
                                            field<14>("flag", &M::flag),
                                            field<15>("type", &M::type),
                                            field<16>("phase", &M::phase),
                                            field<17>("cursor", &M::cursor),
                                            field<18>("limit", &M::limit),
                                            field<19>("asc", &M::asc)};
};

template <>
struct Schema<protocol::SubscribeResult> {
  using M = protocol::SubscribeResult;
  static constexpr auto fields = std::tuple{field<1>("expires", &M::expires),
                                            field<2>("ttl", &M::ttl),
                                            field<3>("recoverable", &M::recoverable),
                                            field<6>("epoch", &M::epoch),
                                            field<7>("publications", &M::publications),
                                            field<8>("recovered", &M::recovered),
                                            field<9>("offset", &M::offset),
                                            field<10>("positioned", &M::positioned),
                                            field<11>("data", &M::data),
                                            field<12>("was_recovering", &M::was_recovering),
                                            field<13>("delta", &M::delta),
                                            field<14>("id", &M::id),
                                            field<15>("type", &M::type),
                                            field<16>("phase", &M::phase),
                                            field<17>("cursor", &M::cursor),
                                            field<18>("state", &M::state),
                                            field<19>("publish_debounce", &M::publish_debounce)};
};

template <>
struct Schema<protocol::KeyedItem> {
  using M = protocol::KeyedItem;
  static constexpr auto fields = std::tuple{field<1>("key", &M::key), field<2>("version", &M::version)};
};

template <>
struct Schema<protocol::TrackBatch> {
  using M = protocol::TrackBatch;
  static constexpr auto fields =
      std::tuple{field<1>("signature", &M::signature), field<2>("items", &M::items)};
};

template <>
struct Schema<protocol::SubRefreshRequest> {
  using M = protocol::SubRefreshRequest;
  static constexpr auto fields =
      std::tuple{field<1>("channel", &M::channel), field<2>("token", &M::token), field<3>("type", &M::type),
                 field<4>("track", &M::track), field<5>("untrack", &M::untrack)};
};

template <>
struct Schema<protocol::SubRefreshResult> {
  using M = protocol::SubRefreshResult;
  static constexpr auto fields =
      std::tuple{field<1>("expires", &M::expires), field<2>("ttl", &M::ttl), field<3>("items", &M::items)};
};

template <>
struct Schema<protocol::UnsubscribeRequest> {
  using M = protocol::UnsubscribeRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel)};
};

template <>
struct Schema<protocol::UnsubscribeResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<protocol::PublishRequest> {
  using M = protocol::PublishRequest;
  static constexpr auto fields =
      std::tuple{field<1>("channel", &M::channel), field<2>("data", &M::data), field<3>("type", &M::type),
                 field<4>("key", &M::key), field<5>("removed", &M::removed)};
};

template <>
struct Schema<protocol::PublishResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<protocol::PresenceRequest> {
  using M = protocol::PresenceRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel)};
};

template <>
struct Schema<protocol::PresenceResult> {
  using M = protocol::PresenceResult;
  static constexpr auto fields = std::tuple{field<1>("presence", &M::presence, Trait::always)};
};

template <>
struct Schema<protocol::PresenceStatsRequest> {
  using M = protocol::PresenceStatsRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel)};
};

template <>
struct Schema<protocol::PresenceStatsResult> {
  using M = protocol::PresenceStatsResult;
  static constexpr auto fields = std::tuple{field<1>("num_clients", &M::num_clients, Trait::always),
                                            field<2>("num_users", &M::num_users, Trait::always)};
};

template <>
struct Schema<protocol::StreamPosition> {
  using M = protocol::StreamPosition;
  static constexpr auto fields = std::tuple{field<1>("offset", &M::offset), field<2>("epoch", &M::epoch)};
};

template <>
struct Schema<protocol::HistoryRequest> {
  using M = protocol::HistoryRequest;
  static constexpr auto fields = std::tuple{field<1>("channel", &M::channel), field<7>("limit", &M::limit),
                                            field<8>("since", &M::since), field<9>("reverse", &M::reverse)};
};

template <>
struct Schema<protocol::HistoryResult> {
  using M = protocol::HistoryResult;
  static constexpr auto fields =
      std::tuple{field<1>("publications", &M::publications, Trait::always),
                 field<2>("epoch", &M::epoch, Trait::always), field<3>("offset", &M::offset, Trait::always)};
};

template <>
struct Schema<protocol::PingRequest> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<protocol::PingResult> {
  static constexpr auto fields = std::tuple<>{};
};

template <>
struct Schema<protocol::RPCRequest> {
  using M = protocol::RPCRequest;
  static constexpr auto fields = std::tuple{field<1>("data", &M::data), field<2>("method", &M::method)};
};

template <>
struct Schema<protocol::RPCResult> {
  using M = protocol::RPCResult;
  static constexpr auto fields = std::tuple{field<1>("data", &M::data)};
};

template <>
struct Schema<protocol::SendRequest> {
  using M = protocol::SendRequest;
  static constexpr auto fields = std::tuple{field<1>("data", &M::data)};
};

template <>
struct Schema<protocol::FilterNode> {
  using M = protocol::FilterNode;
  static constexpr auto fields =
      std::tuple{field<1>("op", &M::op),   field<2>("key", &M::key),   field<3>("cmp", &M::cmp),
                 field<4>("val", &M::val), field<5>("vals", &M::vals), field<6>("nodes", &M::nodes)};
};

template const Table& table<protocol::Error>();
template const Table& table<protocol::EmulationRequest>();
template const Table& table<protocol::Command>();
template const Table& table<protocol::Reply>();
template const Table& table<protocol::Push>();
template const Table& table<protocol::Dictionary>();
template const Table& table<protocol::ClientInfo>();
template const Table& table<protocol::Publication>();
template const Table& table<protocol::Join>();
template const Table& table<protocol::Leave>();
template const Table& table<protocol::Unsubscribe>();
template const Table& table<protocol::Subscribe>();
template const Table& table<protocol::Message>();
template const Table& table<protocol::Connect>();
template const Table& table<protocol::Disconnect>();
template const Table& table<protocol::Refresh>();
template const Table& table<protocol::ConnectRequest>();
template const Table& table<protocol::ConnectResult>();
template const Table& table<protocol::RefreshRequest>();
template const Table& table<protocol::RefreshResult>();
template const Table& table<protocol::SubscribeRequest>();
template const Table& table<protocol::SubscribeResult>();
template const Table& table<protocol::KeyedItem>();
template const Table& table<protocol::TrackBatch>();
template const Table& table<protocol::SubRefreshRequest>();
template const Table& table<protocol::SubRefreshResult>();
template const Table& table<protocol::UnsubscribeRequest>();
template const Table& table<protocol::UnsubscribeResult>();
template const Table& table<protocol::PublishRequest>();
template const Table& table<protocol::PublishResult>();
template const Table& table<protocol::PresenceRequest>();
template const Table& table<protocol::PresenceResult>();
template const Table& table<protocol::PresenceStatsRequest>();
template const Table& table<protocol::PresenceStatsResult>();
template const Table& table<protocol::StreamPosition>();
template const Table& table<protocol::HistoryRequest>();
template const Table& table<protocol::HistoryResult>();
template const Table& table<protocol::PingRequest>();
template const Table& table<protocol::PingResult>();
template const Table& table<protocol::RPCRequest>();
template const Table& table<protocol::RPCResult>();
template const Table& table<protocol::SendRequest>();
template const Table& table<protocol::FilterNode>();

}  // namespace whirl::codec
