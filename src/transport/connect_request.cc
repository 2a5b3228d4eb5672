#include "transport/connect_request.h"

#include "codec/arena.h"
#include "codec/json.h"
#include "protocol/messages.h"

namespace whirl::transport {

bool is_connect_request(std::string_view text) {
  codec::Arena arena(1024);
  protocol::ConnectRequest request;
  return codec::decode_json(text, request, arena).has_value();
}

}  // namespace whirl::transport
