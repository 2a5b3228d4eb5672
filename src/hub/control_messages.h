#pragma once
#include <cstdint>
#include <string_view>

#include "codec/schema.h"

/// What nodes tell each other, in Protobuf with Centrifugo's field numbers.
namespace whirl::hub::control {

struct Metrics {
  double interval = 0;  // seconds
  codec::Map<double> items{};
};

struct Node {
  std::string_view uid{};
  std::string_view name{};
  std::string_view version{};
  std::uint32_t num_clients = 0;
  std::uint32_t num_users = 0;
  std::uint32_t num_channels = 0;
  std::uint32_t uptime = 0;
  const Metrics* metrics = nullptr;  ///< only when they changed
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
