#pragma once
#include <cstdint>
#include <string_view>

#include "codec/schema.h"

/// The server API's messages, the same over HTTP (JSON) and gRPC (Protobuf), each with its table. Names and
/// numbers are the wire's; the tests compare the tables with proto/api.proto.
namespace whirl::api {

using codec::List;
using codec::Map;
using codec::Raw;

struct Error {
  std::uint32_t code = 0;
  std::string_view message{};
};

struct StreamPosition {
  std::uint64_t offset = 0;
  std::string_view epoch{};
};

struct ClientInfo {
  std::string_view user{};
  std::string_view client{};
  Raw conn_info{};
  Raw chan_info{};
};

struct Publication {
  Raw data{};
  const ClientInfo* info = nullptr;
  std::uint64_t offset = 0;
  Map<std::string_view> tags{};
};

/// A bool that can be left out.
struct BoolValue {
  bool value = false;
};

// Requests, what they give, and the responses that wrap it: either an error or a result.

struct PublishRequest {
  std::string_view channel{};
  Raw data{};
  std::string_view b64data{};  // instead of data, for what is not JSON
  bool skip_history = false;
  Map<std::string_view> tags{};
  std::string_view idempotency_key{};
  bool delta = false;
  std::uint64_t version = 0;
  std::string_view version_epoch{};
};

struct PublishResult {
  std::uint64_t offset = 0;
  std::string_view epoch{};
};

struct PublishResponse {
  const Error* error = nullptr;
  const PublishResult* result = nullptr;
};

struct BroadcastRequest {
  List<std::string_view> channels{};
  Raw data{};
  std::string_view b64data{};  // instead of data, for what is not JSON
  bool skip_history = false;
  Map<std::string_view> tags{};
  std::string_view idempotency_key{};
  bool delta = false;
  std::uint64_t version = 0;
  std::string_view version_epoch{};
};

struct BroadcastResult {
  List<PublishResponse> responses{};
};

struct BroadcastResponse {
  const Error* error = nullptr;
  const BroadcastResult* result = nullptr;
};

/// Options of the channel that one subscription has otherwise.
struct SubscribeOptionOverride {
  const BoolValue* presence = nullptr;
  const BoolValue* join_leave = nullptr;
  const BoolValue* force_recovery = nullptr;
  const BoolValue* force_positioning = nullptr;
  const BoolValue* force_push_join_leave = nullptr;
};

struct SubscribeRequest {
  std::string_view channel{};
  std::string_view user{};
  std::int64_t expire_at = 0;  // Unix seconds
  Raw info{};
  std::string_view b64info{};
  std::string_view client{};
  Raw data{};
  std::string_view b64data{};  // instead of data, for what is not JSON
  const StreamPosition* recover_since = nullptr;
  const SubscribeOptionOverride* override = nullptr;
  std::string_view session{};
};

struct SubscribeResult {};

struct SubscribeResponse {
  const Error* error = nullptr;
  const SubscribeResult* result = nullptr;
};

struct UnsubscribeRequest {
  std::string_view channel{};
  std::string_view user{};
  std::string_view client{};
  std::string_view session{};
};

struct UnsubscribeResult {};

struct UnsubscribeResponse {
  const Error* error = nullptr;
  const UnsubscribeResult* result = nullptr;
};

struct Disconnect {
  std::uint32_t code = 0;
  std::string_view reason{};
};

struct DisconnectRequest {
  std::string_view user{};
  const Disconnect* disconnect = nullptr;
  std::string_view client{};
  List<std::string_view> whitelist{};
  std::string_view session{};
};

struct DisconnectResult {};

struct DisconnectResponse {
  const Error* error = nullptr;
  const DisconnectResult* result = nullptr;
};

struct RefreshRequest {
  std::string_view user{};
  std::string_view client{};
  bool expired = false;
  std::int64_t expire_at = 0;  // Unix seconds
  Raw info{};
  std::string_view session{};
};

struct RefreshResult {};

struct RefreshResponse {
  const Error* error = nullptr;
  const RefreshResult* result = nullptr;
};

struct PresenceRequest {
  std::string_view channel{};
};

struct PresenceResult {
  Map<ClientInfo> presence{};
};

struct PresenceResponse {
  const Error* error = nullptr;
  const PresenceResult* result = nullptr;
};

struct PresenceStatsRequest {
  std::string_view channel{};
};

struct PresenceStatsResult {
  std::uint32_t num_clients = 0;
  std::uint32_t num_users = 0;
};

struct PresenceStatsResponse {
  const Error* error = nullptr;
  const PresenceStatsResult* result = nullptr;
};

struct HistoryRequest {
  std::string_view channel{};
  std::int32_t limit = 0;
  const StreamPosition* since = nullptr;
  bool reverse = false;
};

struct HistoryResult {
  List<Publication> publications{};
  std::string_view epoch{};
  std::uint64_t offset = 0;
};

struct HistoryResponse {
  const Error* error = nullptr;
  const HistoryResult* result = nullptr;
};

struct HistoryRemoveRequest {
  std::string_view channel{};
};

struct HistoryRemoveResult {};

struct HistoryRemoveResponse {
  const Error* error = nullptr;
  const HistoryRemoveResult* result = nullptr;
};

struct ChannelsRequest {
  std::string_view pattern{};
};

struct ChannelInfo {
  std::uint32_t num_clients = 0;
};

struct ChannelsResult {
  Map<ChannelInfo> channels{};
};

struct ChannelsResponse {
  const Error* error = nullptr;
  const ChannelsResult* result = nullptr;
};

struct InfoRequest {};

struct Metrics {
  double interval = 0;  // seconds
  Map<double> items{};
};

struct Process {
  double cpu = 0;        // percent
  std::int64_t rss = 0;  // bytes
};

struct NodeResult {
  std::string_view uid{};
  std::string_view name{};
  std::string_view version{};
  std::uint32_t num_clients = 0;
  std::uint32_t num_users = 0;
  std::uint32_t num_channels = 0;
  std::uint32_t uptime = 0;  // seconds
  const Metrics* metrics = nullptr;
  const Process* process = nullptr;
  std::uint32_t num_subs = 0;
};

struct InfoResult {
  List<NodeResult> nodes{};
};

struct InfoResponse {
  const Error* error = nullptr;
  const InfoResult* result = nullptr;
};

struct RPCRequest {
  std::string_view method{};
  Raw params{};
};

struct RPCResult {
  Raw data{};
};

struct RPCResponse {
  const Error* error = nullptr;
  const RPCResult* result = nullptr;
};

/// One request of a batch: the first method that is set counts.
struct Command {
  const PublishRequest* publish = nullptr;
  const BroadcastRequest* broadcast = nullptr;
  const SubscribeRequest* subscribe = nullptr;
  const UnsubscribeRequest* unsubscribe = nullptr;
  const DisconnectRequest* disconnect = nullptr;
  const PresenceRequest* presence = nullptr;
  const PresenceStatsRequest* presence_stats = nullptr;
  const HistoryRequest* history = nullptr;
  const HistoryRemoveRequest* history_remove = nullptr;
  const InfoRequest* info = nullptr;
  const RPCRequest* rpc = nullptr;
  const RefreshRequest* refresh = nullptr;
  const ChannelsRequest* channels = nullptr;
};

struct Reply {
  const Error* error = nullptr;
  const PublishResult* publish = nullptr;
  const BroadcastResult* broadcast = nullptr;
  const SubscribeResult* subscribe = nullptr;
  const UnsubscribeResult* unsubscribe = nullptr;
  const DisconnectResult* disconnect = nullptr;
  const PresenceResult* presence = nullptr;
  const PresenceStatsResult* presence_stats = nullptr;
  const HistoryResult* history = nullptr;
  const HistoryRemoveResult* history_remove = nullptr;
  const InfoResult* info = nullptr;
  const RPCResult* rpc = nullptr;
  const RefreshResult* refresh = nullptr;
  const ChannelsResult* channels = nullptr;
};

/// A null command is not the same as an empty one.
struct BatchRequest {
  List<const Command*> commands{};
  bool parallel = false;
};

struct BatchResponse {
  List<Reply> replies{};
};

/// A request to the API's root, which names its method inside: by name in any case, or by number.
struct MethodCall {
  std::uint32_t id = 0;
  Raw method{};
  Raw params{};
};

struct MethodReply {
  std::uint32_t id = 0;
  const Error* error = nullptr;
  Raw result{};
};

}  // namespace whirl::api
