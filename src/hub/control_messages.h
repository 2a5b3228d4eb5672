#pragma once
#include <cstdint>
#include <string_view>

#include "codec/schema.h"

/// What nodes tell each other, in Protobuf with Centrifugo's field numbers.
namespace whirl::hub::control {

struct Node {
  std::string_view uid{};
  std::string_view name{};
  std::string_view version{};
  std::uint32_t num_clients = 0;
  std::uint32_t num_users = 0;
  std::uint32_t num_channels = 0;
  std::uint32_t uptime = 0;
  std::uint32_t num_subs = 0;
};

struct Shutdown {};

struct StreamPosition {
  std::uint64_t offset = 0;
  std::string_view epoch{};
};

struct Subscribe {
  std::string_view user{};
  std::string_view channel{};
  bool emit_presence = false;
  bool emit_join_leave = false;
  std::int64_t expire_at = 0;
  bool position = false;
  bool recover = false;
  codec::Raw channel_info{};
  std::string_view client{};
  codec::Raw data{};
  const StreamPosition* recover_since = nullptr;
  std::string_view session{};
  bool push_join_leave = false;
  std::uint32_t source = 0;  ///< who wanted it; of Centrifugo's numbers only that of the server API is used
};

struct Unsubscribe {
  std::string_view channel{};
  std::string_view user{};
  std::string_view client{};
  std::string_view session{};
  std::uint32_t code = 0;
  std::string_view reason{};
};

struct Disconnect {
  std::string_view user{};
  codec::List<std::string_view> whitelist{};
  std::uint32_t code = 0;
  std::string_view reason{};
  std::string_view client{};
  std::string_view session{};
};

struct Refresh {
  std::string_view user{};
  std::string_view client{};
  bool expired = false;
  std::int64_t expire_at = 0;
  codec::Raw info{};
  std::string_view session{};
};

struct SurveyRequest {
  std::uint64_t id = 0;
  std::string_view op{};
  codec::Raw data{};
};

struct SurveyResponse {
  std::uint64_t id = 0;
  std::uint32_t code = 0;
  codec::Raw data{};
};

/// From the node `uid`; one of the others is set.
struct Command {
  std::string_view uid{};
  const Node* node = nullptr;
  const Unsubscribe* unsubscribe = nullptr;
  const Disconnect* disconnect = nullptr;
  const Shutdown* shutdown = nullptr;
  const SurveyRequest* survey_request = nullptr;
  const SurveyResponse* survey_response = nullptr;
  const Subscribe* subscribe = nullptr;
  const Refresh* refresh = nullptr;
};

/// The question and answer of the survey "channels".
struct ChannelsRequest {
  std::string_view pattern{};
};
struct ChannelInfo {
  std::uint32_t num_clients = 0;
};
struct ChannelsResult {
  codec::Map<ChannelInfo> channels{};
};

}  // namespace whirl::hub::control

namespace whirl::codec {

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

}  // namespace whirl::codec
