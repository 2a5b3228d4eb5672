#include "api/method.h"

#include <array>

#include "api/json_payloads.h"
#include "api/methods/list.h"
#include "codec/json.h"
#include "codec/protobuf.h"

namespace whirl::api {
namespace {

using codec::RawStyle;

template <class M>
using Pointee = std::remove_cv_t<std::remove_pointer_t<M>>;

template <class Request>
const void* decode(std::string_view json, codec::Arena& arena) {
  void* place = arena.allocate(sizeof(Request), alignof(Request));
  auto* request = new (place) Request();
  return codec::decode_json_document(json, *request, arena) ? request : nullptr;
}

template <class Request>
const void* decode_protobuf(std::string_view bytes, codec::Arena& arena) {
  void* place = arena.allocate(sizeof(Request), alignof(Request));
  auto* request = new (place) Request();
  return codec::decode_protobuf(bytes, *request, arena) ? request : nullptr;
}

template <auto kRun, class Request, class Result>
void run(const Method& method, Context& context, const void* request, Finish finish) {
  kRun(Call<Result>(CallBase(context, method, std::move(finish))), *static_cast<const Request*>(request));
}

template <auto kMember>
const void* request_in(const Command& command) {
  return command.*kMember;
}

template <class Result>
bool fits_json(const Outcome& outcome) {
  return outcome.error || has_json_payloads(*static_cast<const Result*>(outcome.result));
}

template <class Response, class Result>
Response response_of(const Outcome& outcome) {
  Response response;
  response.error = outcome.error;
  response.result = static_cast<const Result*>(outcome.result);
  return response;
}

template <auto kMember, class Result>
Reply reply_of(const Outcome& outcome) {
  Reply reply;
  reply.error = outcome.error;
  reply.*kMember = static_cast<const Result*>(outcome.result);
  return reply;
}

template <class Response, class Result>
void encode_response(const Outcome& outcome, std::string& out) {
  codec::encode_json(response_of<Response, Result>(outcome), out, RawStyle::compact);
}

template <class Result>
void encode_result(const Outcome& outcome, std::string& out) {
  codec::encode_json(*static_cast<const Result*>(outcome.result), out, RawStyle::compact);
}

template <auto kMember, class Result>
void encode_reply(const Outcome& outcome, std::string& out) {
  codec::encode_json(reply_of<kMember, Result>(outcome), out, RawStyle::compact);
}

template <class Response, class Result>
void encode_response_protobuf(const Outcome& outcome, std::string& out) {
  codec::encode_protobuf(response_of<Response, Result>(outcome), out);
}

template <auto kMember, class Result>
void encode_reply_protobuf(const Outcome& outcome, std::string& out) {
  codec::encode_protobuf(reply_of<kMember, Result>(outcome), out);
}

template <class Response, auto kRun, auto kCommand, auto kReply>
constexpr Method row(std::string_view name, std::string_view grpc_name) {
  using Request = Pointee<std::remove_cvref_t<decltype(std::declval<Command>().*kCommand)>>;
  using Result = Pointee<std::remove_cvref_t<decltype(std::declval<Reply>().*kReply)>>;
  return {name,
          grpc_name,
          decode<Request>,
          decode_protobuf<Request>,
          run<kRun, Request, Result>,
          request_in<kCommand>,
          fits_json<Result>,
          encode_response<Response, Result>,
          encode_result<Result>,
          encode_reply<kReply, Result>,
          encode_response_protobuf<Response, Result>,
          encode_reply_protobuf<kReply, Result>};
}

constexpr std::array kMethods = {
    row<PublishResponse, publish, &Command::publish, &Reply::publish>("publish", "Publish"),
    row<BroadcastResponse, broadcast, &Command::broadcast, &Reply::broadcast>("broadcast", "Broadcast"),
    row<SubscribeResponse, subscribe, &Command::subscribe, &Reply::subscribe>("subscribe", "Subscribe"),
    row<UnsubscribeResponse, unsubscribe, &Command::unsubscribe, &Reply::unsubscribe>("unsubscribe",
                                                                                      "Unsubscribe"),
    row<DisconnectResponse, disconnect, &Command::disconnect, &Reply::disconnect>("disconnect", "Disconnect"),
    row<HistoryResponse, history, &Command::history, &Reply::history>("history", "History"),
    row<HistoryRemoveResponse, history_remove, &Command::history_remove, &Reply::history_remove>(
        "history_remove", "HistoryRemove"),
    row<PresenceResponse, presence, &Command::presence, &Reply::presence>("presence", "Presence"),
    row<PresenceStatsResponse, presence_stats, &Command::presence_stats, &Reply::presence_stats>(
        "presence_stats", "PresenceStats"),
    row<InfoResponse, info, &Command::info, &Reply::info>("info", "Info"),
    row<RPCResponse, rpc, &Command::rpc, &Reply::rpc>("rpc", "RPC"),
    row<RefreshResponse, refresh, &Command::refresh, &Reply::refresh>("refresh", "Refresh"),
    row<ChannelsResponse, channels, &Command::channels, &Reply::channels>("channels", "Channels"),
};

}  // namespace

std::span<const Method> methods() {
  return kMethods;
}

const Method* find_method(std::string_view name) {
  for (const Method& method : kMethods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

}  // namespace whirl::api
