#pragma once
#include <cstdint>
#include <string_view>

#include "codec/schema.h"

/// The client protocol's messages, each with its table. Names and numbers are the wire's; the tests compare
/// the tables with tests/data/client.proto.
namespace whirl::protocol {

using codec::List;
using codec::Map;
using codec::Raw;

struct Error {
  std::uint32_t code = 0;
  std::string_view message{};
  bool temporary = false;
};

struct EmulationRequest {
  std::string_view node{};
  std::string_view session{};
  Raw data{};
};

/// Who a connection is, as other clients see it.
struct ClientInfo {
  std::string_view user{};
  std::string_view client{};
  Raw conn_info{};
  Raw chan_info{};
};

/// Tags filter: a comparison (empty `op`) or a logical node over `nodes`. Lives in filter.h's terms.
struct FilterNode {
  std::string_view op{};
  std::string_view key{};
  std::string_view cmp{};
  std::string_view val{};
  List<std::string_view> vals{};
  List<FilterNode> nodes{};
};

struct Publication {
  Raw data{};
  const ClientInfo* info = nullptr;
  std::uint64_t offset = 0;
  Map<std::string_view> tags{};
  bool delta = false;
  std::int64_t time = 0;  // Unix milliseconds
  std::string_view channel{};
  std::string_view key{};
  bool removed = false;
  std::int64_t score = 0;
  std::string_view epoch{};
  Raw prev_data{};
  std::uint64_t version = 0;
};

struct StreamPosition {
  std::uint64_t offset = 0;
  std::string_view epoch{};
};

struct Dictionary {
  std::string_view id{};
  Raw data{};
  std::string_view data_b64{};
};

// Requests.

struct SubscribeRequest {
  std::string_view channel{};
  std::string_view token{};
  bool recover = false;
  std::string_view epoch{};
  std::uint64_t offset = 0;
  Raw data{};
  bool positioned = false;
  bool recoverable = false;
  bool join_leave = false;
  std::string_view delta{};
  const FilterNode* tf = nullptr;
  std::int64_t flag = 0;
  std::int32_t type = 0;
  std::int32_t phase = 0;
  std::string_view cursor{};
  std::int32_t limit = 0;
  bool asc = false;
};

struct ConnectRequest {
  std::string_view token{};
  Raw data{};
  Map<SubscribeRequest> subs{};
  std::string_view name{};
  std::string_view version{};
  Map<std::string_view> headers{};
  std::int64_t flag = 0;
  std::string_view profile{};
  std::string_view dict{};
};

struct UnsubscribeRequest {
  std::string_view channel{};
};

struct PublishRequest {
  std::string_view channel{};
  Raw data{};
  std::int32_t type = 0;  // 1: map
  std::string_view key{};
  bool removed = false;
};

struct PresenceRequest {
  std::string_view channel{};
};

struct PresenceStatsRequest {
  std::string_view channel{};
};

struct HistoryRequest {
  std::string_view channel{};
  std::int32_t limit = 0;
  const StreamPosition* since = nullptr;
  bool reverse = false;
};

struct PingRequest {};

struct SendRequest {
  Raw data{};
};

struct RPCRequest {
  Raw data{};
  std::string_view method{};
};

struct RefreshRequest {
  std::string_view token{};
};

struct KeyedItem {
  std::string_view key{};
  std::uint64_t version = 0;
};

struct TrackBatch {
  std::string_view signature{};
  List<KeyedItem> items{};
};

struct SubRefreshRequest {
  std::string_view channel{};
  std::string_view token{};
  std::int32_t type = 0;  // 1: track, 2: untrack
  List<TrackBatch> track{};
  List<std::string_view> untrack{};
};

/// What a client sends. Which of several methods counts is decided by commands.h.
struct Command {
  std::uint32_t id = 0;
  const ConnectRequest* connect = nullptr;
  const SubscribeRequest* subscribe = nullptr;
  const UnsubscribeRequest* unsubscribe = nullptr;
  const PublishRequest* publish = nullptr;
  const PresenceRequest* presence = nullptr;
  const PresenceStatsRequest* presence_stats = nullptr;
  const HistoryRequest* history = nullptr;
  const PingRequest* ping = nullptr;
  const SendRequest* send = nullptr;
  const RPCRequest* rpc = nullptr;
  const RefreshRequest* refresh = nullptr;
  const SubRefreshRequest* sub_refresh = nullptr;
};

// Results.

struct SubscribeResult {
  bool expires = false;
  std::uint32_t ttl = 0;  // seconds
  bool recoverable = false;
  std::string_view epoch{};
  List<Publication> publications{};
  bool recovered = false;
  std::uint64_t offset = 0;
  bool positioned = false;
  Raw data{};
  bool was_recovering = false;
  bool delta = false;
  std::int64_t id = 0;
  std::int32_t type = 0;
  std::int32_t phase = 0;
  std::string_view cursor{};
  List<Publication> state{};
  std::uint32_t publish_debounce = 0;  // milliseconds
};

struct ConnectResult {
  std::string_view client{};
  std::string_view version{};
  bool expires = false;
  std::uint32_t ttl = 0;  // seconds
  Raw data{};
  Map<SubscribeResult> subs{};
  std::uint32_t ping = 0;  // seconds
  bool pong = false;
  std::string_view session{};
  std::string_view node{};
  std::int64_t time = 0;  // Unix milliseconds
  std::int64_t flag = 0;
  const Dictionary* dict = nullptr;
};

struct UnsubscribeResult {};
struct PublishResult {};
struct PingResult {};

struct PresenceResult {
  Map<ClientInfo> presence{};
};

struct PresenceStatsResult {
  std::uint32_t num_clients = 0;
  std::uint32_t num_users = 0;
};

struct HistoryResult {
  List<Publication> publications{};
  std::string_view epoch{};
  std::uint64_t offset = 0;
};

struct RPCResult {
  Raw data{};
};

struct RefreshResult {
  std::string_view client{};
  std::string_view version{};
  bool expires = false;
  std::uint32_t ttl = 0;  // seconds
};

struct SubRefreshResult {
  bool expires = false;
  std::uint32_t ttl = 0;  // seconds
  List<Publication> items{};
};

// Pushes.

struct Join {
  const ClientInfo* info = nullptr;
};

struct Leave {
  const ClientInfo* info = nullptr;
};

struct Unsubscribe {
  std::uint32_t code = 0;
  std::string_view reason{};
};

struct Subscribe {
  bool recoverable = false;
  std::string_view epoch{};
  std::uint64_t offset = 0;
  bool positioned = false;
  Raw data{};
};

struct Message {
  Raw data{};
};

struct Connect {
  std::string_view client{};
  std::string_view version{};
  Raw data{};
  Map<SubscribeResult> subs{};
  bool expires = false;
  std::uint32_t ttl = 0;   // seconds
  std::uint32_t ping = 0;  // seconds
  bool pong = false;
  std::string_view session{};
  std::string_view node{};
  std::int64_t time = 0;  // Unix milliseconds
};

struct Disconnect {
  std::uint32_t code = 0;
  std::string_view reason{};
  bool reconnect = false;
};

struct Refresh {
  bool expires = false;
  std::uint32_t ttl = 0;  // seconds
};

/// What the server sends unasked: inside a Reply to bidirectional clients, bare to unidirectional ones.
struct Push {
  std::int64_t id = 0;
  std::string_view channel{};
  const Publication* pub = nullptr;
  const Join* join = nullptr;
  const Leave* leave = nullptr;
  const Unsubscribe* unsubscribe = nullptr;
  const Message* message = nullptr;
  const Subscribe* subscribe = nullptr;
  const Connect* connect = nullptr;
  const Disconnect* disconnect = nullptr;
  const Refresh* refresh = nullptr;
};

/// The answer to a command (`id` set), or a push (`push` set), or a ping (nothing set).
struct Reply {
  std::uint32_t id = 0;
  const Error* error = nullptr;
  const Push* push = nullptr;
  const ConnectResult* connect = nullptr;
  const SubscribeResult* subscribe = nullptr;
  const UnsubscribeResult* unsubscribe = nullptr;
  const PublishResult* publish = nullptr;
  const PresenceResult* presence = nullptr;
  const PresenceStatsResult* presence_stats = nullptr;
  const HistoryResult* history = nullptr;
  const PingResult* ping = nullptr;
  const RPCResult* rpc = nullptr;
  const RefreshResult* refresh = nullptr;
  const SubRefreshResult* sub_refresh = nullptr;
};

}  // namespace whirl::protocol
