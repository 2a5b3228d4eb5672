#include <memory>

#include "codec/json.h"
#include "codec/protobuf.h"
#include "protocol/errors.h"
#include "session/client.h"
#include "session/commands/connecting.h"
#include "session/commands/list.h"

namespace whirl::session {

void connect(Client& client, const protocol::Command& command, Call call) {
  if (!client.begin_connecting()) {
    return call.refuse(protocol::disconnects::bad_request, "the client has connected before");
  }
  std::make_shared<Connecting>(*command.connect, std::move(call))->start(client);
}

void Client::on_connect_request(std::string_view request) {
  if (!begin_connecting()) return;
  const auto self = shared_from_this();
  context_.incoming.reset();
  protocol::ConnectRequest decoded;
  if (!request.empty()) {
    const bool good = variant_.encoding == protocol::Encoding::json
                          ? codec::decode_json(request, decoded, context_.incoming).has_value()
                          : codec::decode_protobuf(request, decoded, context_.incoming).has_value();
    if (!good) return close(protocol::disconnects::bad_request);
  }
  ++in_flight_;
  std::make_shared<Connecting>(decoded, Call(*this, protocol::Method::connect, 1))->start(*this);
}

}  // namespace whirl::session
