#include "api/methods/list.h"

namespace whirl::api {

void history_remove(Call<HistoryRemoveResult> call, const HistoryRemoveRequest& request) {
  const channel::Namespace* ns = call.find_namespace(request.channel);
  if (!ns) return;
  if (!ns->keeps_history()) return call.refuse(errors::not_available, "the channel keeps no history");
  hub::Node& node = call.context().node;
  node.remove_history(std::string(request.channel),
                      [call = std::move(call)](Result<> done) mutable { call.reply_or_fail(done); });
}

}  // namespace whirl::api
