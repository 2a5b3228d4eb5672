#include "api/methods/list.h"

namespace whirl::api {

void refresh(Call<RefreshResult> call, const RefreshRequest& request) {
  hub::Refresh refresh;
  refresh.expired = request.expired;
  refresh.expire_at = request.expire_at;
  refresh.has_info = request.info.present();
  refresh.info = request.info.bytes;
  hub::UserTarget target{.user = std::string(request.user),
                         .client = std::string(request.client),
                         .session = std::string(request.session)};
  hub::Node& node = call.context().node;
  node.refresh_user(std::move(target), std::move(refresh),
                    [call = std::move(call)](Result<> done) mutable { call.reply_or_fail(done); });
}

}  // namespace whirl::api
