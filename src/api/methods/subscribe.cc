#include "api/methods/list.h"
#include "api/payload.h"
#include "base/clock.h"

namespace whirl::api {
namespace {

std::int8_t override_of(const BoolValue* value) {
  if (!value) return -1;
  return value->value ? 1 : 0;
}

void apply(const SubscribeOptionOverride& from, hub::SubscribeOverrides& to) {
  to.presence = override_of(from.presence);
  to.join_leave = override_of(from.join_leave);
  to.force_push_join_leave = override_of(from.force_push_join_leave);
  to.force_recovery = override_of(from.force_recovery);
  to.force_positioning = override_of(from.force_positioning);
}

}  // namespace

void subscribe(Call<SubscribeResult> call, const SubscribeRequest& request) {
  if (!call.find_namespace(request.channel)) return;
  Payload data;
  if (!data.read(request.data, request.b64data))
    return call.refuse(errors::bad_request, "b64data is not base64");
  Payload info;
  if (!info.read(request.info, request.b64info))
    return call.refuse(errors::bad_request, "b64info is not base64");
  if (request.expire_at > 0 && request.expire_at <= unix_seconds()) {
    return call.refuse(errors::internal, "expire_at has passed");
  }
  hub::SubscribeOverrides options;
  options.data = data.bytes();
  options.info = info.bytes();
  options.expire_at = request.expire_at;
  if (request.recover_since) {
    options.has_recover_since = true;
    options.recover_since = {request.recover_since->offset, std::string(request.recover_since->epoch)};
  }
  if (request.override) apply(*request.override, options);
  hub::UserTarget target{.user = std::string(request.user),
                         .client = std::string(request.client),
                         .session = std::string(request.session)};
  hub::Node& node = call.context().node;
  node.subscribe_user(std::move(target), std::string(request.channel), std::move(options),
                      [call = std::move(call)](Result<> done) mutable { call.reply_or_fail(done); });
}

}  // namespace whirl::api
