#include "api/methods/list.h"
#include "api/payload.h"
#include "base/clock.h"

namespace whirl::api {
namespace {

/// All are decided here, so that every node of the cluster does the same.
void decide(const channel::Namespace& ns, const SubscribeOptionOverride* override,
            hub::SubscribeOverrides& to) {
  const SubscribeOptionOverride none;
  const SubscribeOptionOverride& from = override ? *override : none;
  auto either = [](const BoolValue* value, bool usual) -> std::int8_t {
    return value ? value->value : usual;
  };
  to.presence = either(from.presence, ns.presence);
  to.join_leave = either(from.join_leave, ns.join_leave);
  to.force_push_join_leave = either(from.force_push_join_leave, ns.force_push_join_leave);
  to.force_recovery = either(from.force_recovery, ns.force_recovery);
  to.force_positioning = either(from.force_positioning, ns.force_positioning);
}

}  // namespace

void subscribe(Call<SubscribeResult> call, const SubscribeRequest& request) {
  const channel::Namespace* ns = call.find_namespace(request.channel);
  if (!ns) return;
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
  decide(*ns, request.override, options);
  hub::UserTarget target{.user = std::string(request.user),
                         .client = std::string(request.client),
                         .session = std::string(request.session)};
  hub::Node& node = call.context().node;
  node.subscribe_user(std::move(target), std::string(request.channel), std::move(options),
                      [call = std::move(call)](Result<> done) mutable { call.reply_or_fail(done); });
}

}  // namespace whirl::api
