#include "transport/emulation/endpoint.h"

#include <utility>

#include "base/log.h"
#include "codec/arena.h"
#include "codec/json.h"
#include "codec/protobuf.h"
#include "protocol/messages.h"
#include "transport/preflight.h"

namespace whirl::transport::emulation {
namespace {

constexpr std::string_view kSurveyOp = "centrifuge_emulation";
// Codes of its answers, as Centrifugo numbers them.
constexpr std::uint32_t kMalformed = 1;
constexpr std::uint32_t kNoSession = 2;

using Delivery = Sessions::Delivery;

bool decode(const http::Request& request, protocol::EmulationRequest& out, codec::Arena& arena) {
  if (request.header("Content-Type") == "application/octet-stream") {
    return codec::decode_protobuf(request.body, out, arena).has_value();
  }
  return codec::decode_json(request.body, out, arena).has_value();
}

void deliver(Sessions& sessions, const protocol::EmulationRequest& request,
             UniqueFunction<void(Delivery)> done) {
  Uuid session;
  if (!Uuid::parse(request.session, session)) return done(Delivery::no_session);
  sessions.deliver(session, std::string(request.data.bytes), std::move(done));
}

}  // namespace

void Endpoint::handle(http::Request& request, http::Responder responder) {
  if (answer_preflight(request, responder)) return;
  if (request.method != "POST") return responder.empty(405);
  codec::Arena arena(1024);
  protocol::EmulationRequest emulated;
  if (!decode(request, emulated, arena)) return responder.empty(400);
  // What became of the commands is told on the session's stream, not here.
  if (emulated.node == node_.uid()) {
    return deliver(sessions_, emulated,
                   [responder = std::move(responder)](Delivery) mutable { responder.empty(204); });
  }
  if (emulated.node.empty()) return responder.empty(404);
  std::string data;
  codec::encode_protobuf(emulated, data);
  node_.survey(std::string(kSurveyOp), std::move(data), std::string(emulated.node),
               [responder = std::move(responder)](Result<std::vector<hub::SurveyReply>> replies) mutable {
                 if (!replies) log::info("commands for another node", {{"error", replies.error().message}});
                 responder.empty(replies ? 204 : 404);
               });
}

void answer_other_nodes(hub::Node& node, Sessions& sessions) {
  node.on_survey(std::string(kSurveyOp),
                 [&sessions](std::string_view data, broker::Done<hub::SurveyReply> done) {
                   codec::Arena arena(1024);
                   protocol::EmulationRequest request;
                   if (!codec::decode_protobuf(data, request, arena))
                     return done(hub::SurveyReply{{}, kMalformed, {}});
                   deliver(sessions, request, [done = std::move(done)](Delivery delivery) mutable {
                     const std::uint32_t code = delivery == Delivery::no_session  ? kNoSession
                                                : delivery == Delivery::malformed ? kMalformed
                                                                                  : 0;
                     done(hub::SurveyReply{{}, code, {}});
                   });
                 });
}

}  // namespace whirl::transport::emulation
