#include "api/methods/list.h"

namespace whirl::api {

/// The server has no methods of its own: every name is unknown.
void rpc(Call<RPCResult> call, const RPCRequest& request) {
  if (request.method.empty()) return call.refuse(errors::bad_request, "a method is required");
  call.refuse(errors::not_found, request.method);
}

}  // namespace whirl::api
