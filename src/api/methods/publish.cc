#include "api/methods/list.h"
#include "api/methods/publication.h"
#include "api/payload.h"

namespace whirl::api {

void publish(Call<PublishResult> call, const PublishRequest& request) {
  if (request.channel.empty()) return call.refuse(errors::bad_request, "a channel is required");
  Payload data;
  if (!data.read(request.data, request.b64data))
    return call.refuse(errors::bad_request, "b64data is not base64");
  const channel::Namespace* ns = call.find_namespace(request.channel);
  if (!ns) return;
  if (std::string_view why = why_not_publish(*ns, data.bytes()); !why.empty()) {
    return call.refuse(errors::bad_request, why);
  }
  hub::Node& node = call.context().node;
  node.publish(std::string(request.channel), SharedBytes::copy(data.bytes()), publish_options(request, *ns),
               [call = std::move(call)](Result<broker::PublishResult> done) mutable {
                 if (!done) return call.fail(done.error());
                 call.reply({.offset = done->position.offset, .epoch = done->position.epoch});
               });
}

}  // namespace whirl::api
