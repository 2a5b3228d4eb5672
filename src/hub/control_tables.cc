#include "codec/table.h"
#include "hub/control_messages.h"

namespace whirl::codec {

template <>
struct Schema<hub::control::Metrics> {
  using M = hub::control::Metrics;
  static constexpr auto fields = std::tuple{field<1>("interval", &M::interval), field<2>("items", &M::items)};
};

template <>
struct Schema<hub::control::Node> {
  using M = hub::control::Node;
  static constexpr auto fields = std::tuple{field<1>("uid", &M::uid),
                                            field<2>("name", &M::name),
                                            field<3>("version", &M::version),
                                            field<4>("num_clients", &M::num_clients),
                                            field<5>("num_users", &M::num_users),
                                            field<6>("num_channels", &M::num_channels),
                                            field<7>("uptime", &M::uptime),
                                            field<8>("metrics", &M::metrics),
                                            field<10>("num_subs", &M::num_subs)};
};

template <>
struct Schema<hub::control::Shutdown> {
  static constexpr std::tuple<> fields{};
};

template <>
struct Schema<hub::control::StreamPosition> {
  using M = hub::control::StreamPosition;
  static constexpr auto fields = std::tuple{field<1>("offset", &M::offset), field<2>("epoch", &M::epoch)};
};

template <>
struct Schema<hub::control::Subscribe> {
  using M = hub::control::Subscribe;
  static constexpr auto fields = std::tuple{field<1>("user", &M::user),
                                            field<2>("channel", &M::channel),
                                            field<3>("emit_presence", &M::emit_presence),
                                            field<4>("emit_join_leave", &M::emit_join_leave),
                                            field<5>("expire_at", &M::expire_at),
                                            field<6>("position", &M::position),
                                            field<7>("recover", &M::recover),
                                            field<8>("channel_info", &M::channel_info),
                                            field<9>("client", &M::client),
                                            field<10>("data", &M::data),
                                            field<11>("recover_since", &M::recover_since),
                                            field<12>("session", &M::session),
                                            field<13>("push_join_leave", &M::push_join_leave),
                                            field<14>("source", &M::source)};
};

template <>
struct Schema<hub::control::Unsubscribe> {
  using M = hub::control::Unsubscribe;
  static constexpr auto fields = std::tuple{
      field<1>("channel", &M::channel), field<2>("user", &M::user), field<3>("client", &M::client),
      field<4>("session", &M::session), field<5>("code", &M::code), field<6>("reason", &M::reason)};
};

template <>
struct Schema<hub::control::Disconnect> {
  using M = hub::control::Disconnect;
  static constexpr auto fields = std::tuple{
      field<1>("user", &M::user),     field<2>("whitelist", &M::whitelist), field<3>("code", &M::code),
      field<4>("reason", &M::reason), field<6>("client", &M::client),       field<7>("session", &M::session)};
};

template <>
struct Schema<hub::control::Refresh> {
  using M = hub::control::Refresh;
  static constexpr auto fields = std::tuple{
      field<1>("user", &M::user),           field<2>("client", &M::client), field<3>("expired", &M::expired),
      field<4>("expire_at", &M::expire_at), field<5>("info", &M::info),     field<6>("session", &M::session)};
};

template <>
struct Schema<hub::control::SurveyRequest> {
  using M = hub::control::SurveyRequest;
  static constexpr auto fields =
      std::tuple{field<1>("id", &M::id), field<2>("op", &M::op), field<3>("data", &M::data)};
};

template <>
struct Schema<hub::control::SurveyResponse> {
  using M = hub::control::SurveyResponse;
  static constexpr auto fields =
      std::tuple{field<1>("id", &M::id), field<2>("code", &M::code), field<3>("data", &M::data)};
};

template <>
struct Schema<hub::control::Command> {
  using M = hub::control::Command;
  static constexpr auto fields = std::tuple{field<1>("uid", &M::uid),
                                            field<4>("node", &M::node),
                                            field<5>("unsubscribe", &M::unsubscribe),
                                            field<6>("disconnect", &M::disconnect),
                                            field<7>("shutdown", &M::shutdown),
                                            field<8>("survey_request", &M::survey_request),
                                            field<9>("survey_response", &M::survey_response),
                                            field<10>("subscribe", &M::subscribe),
                                            field<12>("refresh", &M::refresh)};
};

template <>
struct Schema<hub::control::ChannelsRequest> {
  using M = hub::control::ChannelsRequest;
  static constexpr auto fields = std::tuple{field<1>("pattern", &M::pattern)};
};

template <>
struct Schema<hub::control::ChannelInfo> {
  using M = hub::control::ChannelInfo;
  static constexpr auto fields = std::tuple{field<1>("num_clients", &M::num_clients)};
};

template <>
struct Schema<hub::control::ChannelsResult> {
  using M = hub::control::ChannelsResult;
  static constexpr auto fields = std::tuple{field<1>("channels", &M::channels)};
};

template const Table& table<hub::control::Metrics>();
template const Table& table<hub::control::Node>();
template const Table& table<hub::control::Shutdown>();
template const Table& table<hub::control::StreamPosition>();
template const Table& table<hub::control::Subscribe>();
template const Table& table<hub::control::Unsubscribe>();
template const Table& table<hub::control::Disconnect>();
template const Table& table<hub::control::Refresh>();
template const Table& table<hub::control::SurveyRequest>();
template const Table& table<hub::control::SurveyResponse>();
template const Table& table<hub::control::Command>();
template const Table& table<hub::control::ChannelsRequest>();
template const Table& table<hub::control::ChannelInfo>();
template const Table& table<hub::control::ChannelsResult>();

}  // namespace whirl::codec
